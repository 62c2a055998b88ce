import type { CallView, CreateUserBody, UserView } from '@switchboard/protocol'
import type { Exchange, ServerCall } from './exchange.js'
import { canonical, type People, type Person, Refused } from './people.js'

type Body = Readonly<Record<string, string>>

export interface RestWorld {
  readonly people: People
  readonly exchange: Exchange
  readonly isReachable: (person: Person) => boolean
  /** Closes the sockets of dead tokens. */
  readonly revoke: (isDead: (token: string, person: Person) => boolean) => void
  readonly now: () => Date
}

const tokenLifeMs = 24 * 3_600_000

const viewOf = ({ firstname, lastname, phone_number, email }: Person): UserView => ({
  firstname,
  lastname,
  phone_number,
  email,
})
const contactOf = (person: Person) => ({
  ...viewOf(person),
  username: `${person.firstname} ${person.lastname}`,
})

const callOf = (call: ServerCall, me: Person): CallView => ({
  call_id: call.id,
  direction: call.from === me ? 'outgoing' : 'incoming',
  peer: (call.from === me ? call.to : call.from).phone_number,
  started_at: call.startedAt.toISOString(),
  answered_at: call.answeredAt?.toISOString() ?? null,
  ended_at: call.endedAt?.toISOString() ?? null,
  outcome: call.endedAt ? (call.answeredAt ? 'answered' : (call.cause ?? null)) : null,
})

/** What the routes of the API answer; undefined is no body. */
export function answerRest(world: RestWorld, route: string, body: Body, token: string | undefined): unknown {
  const { people, exchange, isReachable, revoke, now } = world
  const tokenView = (person: Person) => ({
    token: people.issue(person),
    expires_at: new Date(now().getTime() + tokenLifeMs).toISOString(),
  })
  const text = (name: string) => body[name] ?? ''
  const found = (number: string) => {
    const person = people.withNumber(number)
    if (!person) throw new Refused('user_not_found', 404)
    return person
  }
  if (route === 'POST /create_user') return viewOf(people.add(body as unknown as CreateUserBody))
  if (route === 'POST /login') return tokenView(people.login(text('email'), text('password')))
  const me = people.of(token)
  if (!me) throw new Refused('invalid_token', 401)
  const change = (changed: Partial<Person>) => viewOf(Object.assign(me, changed))

  switch (route) {
    case 'GET /authenticate':
      return tokenView(me)
    case 'GET /get_user':
      return viewOf(me)
    case 'PUT /put_firstname':
      return change({ firstname: text('firstname') })
    case 'PUT /put_lastname':
      return change({ lastname: text('lastname') })
    case 'PUT /put_phonenumber':
      if (people.withNumber(text('phonenumber'))) throw new Refused('phone_number_taken', 409)
      return change({ phone_number: canonical(text('phonenumber')) })
    case 'PUT /change_password':
      if (me.password !== body.current_password) throw new Refused('invalid_credentials', 401)
      change({ password: text('new_password') })
      return revoke((each, person) => person === me && each !== token)
    case 'POST /logout':
      return revoke(each => each === token)
    case 'POST /logout_everywhere':
      return revoke((_, person) => person === me)
    case 'DELETE /delete_user':
      if (me.password !== body.password) throw new Refused('invalid_credentials', 401)
      people.remove(me)
      return revoke((_, person) => person === me)
    case 'GET /get_contacts':
      return { contacts: [...me.contacts].map(contactOf), next_cursor: null }
    case 'POST /add_contact': {
      const person = found(text('contact_phonenumber'))
      if (person === me) throw new Refused('cannot_add_self', 400)
      if (me.contacts.has(person)) throw new Refused('contact_exists', 409)
      me.contacts.add(person)
      return contactOf(person)
    }
    case 'DELETE /delete_contact':
      if (!me.contacts.delete(found(text('contact_phonenumber')))) throw new Refused('contact_not_found', 404)
      return
    case 'GET /get_presence': {
      const mutual = [...me.contacts].filter(person => person.contacts.has(me))
      const presence = mutual.map(person => ({
        phone_number: person.phone_number,
        reachable: isReachable(person),
        in_call: exchange.isBusy(person),
      }))
      return { presence }
    }
    case 'GET /get_blocked':
      return { blocked: [...me.blocked] }
    case 'PUT /block_number':
      return void me.blocked.add(canonical(text('phone_number')))
    case 'DELETE /unblock_number':
      return void me.blocked.delete(canonical(text('phone_number')))
    case 'GET /get_settings':
      return me.settings
    case 'PUT /put_settings':
      return Object.assign(me.settings, body)
    case 'GET /get_call_history':
      return { calls: exchange.history(me).map(call => callOf(call, me)), next_cursor: null }
    case 'GET /get_turn_credentials':
      return { ice_servers: [], ttl: 3_600 }
  }
  throw new Refused('not_found', 404)
}
