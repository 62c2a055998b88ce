import { expectEqual, expectInvalid, expectProblem, expectStatus, expectTrue } from '../check/expect.js'
import type { Member } from '../people/member.js'
import { casesOf } from '../run/case.js'
import type { Trial } from '../run/trial.js'
import { passwordFor } from './numbers.js'
import { establish, eventually, expectEnd, expectNothing, expectSameMembers, phones, ring } from './scenes.js'

type Contact = Readonly<Record<string, unknown>>

const add = (t: Trial, { token }: Member, contact_phonenumber: string) =>
  t.rest('POST', '/add_contact', { token, body: { contact_phonenumber } })
const remove = (t: Trial, { token }: Member, contact_phonenumber: string) =>
  t.rest('DELETE', '/delete_contact', { token, body: { contact_phonenumber } })
const list = async (t: Trial, { token }: Member, query = '') => {
  const { body } = await t.rest('GET', `/get_contacts${query}`, { token })
  return body as { contacts: Contact[]; next_cursor: string | null }
}

export const contacts = casesOf('contacts', [
  [
    'add-list-delete',
    '2',
    'A contact is added with 201, listed with name, username, email and number, deleted with 204',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      await add(t, ben, ada.phone_number) // mutual: the strict profile shows details to no others
      const { firstname, lastname, email, phone_number } = ben
      const contact = { firstname, lastname, username: `${firstname} ${lastname}`, email, phone_number }
      const added = await add(t, ada, phone_number)
      expectStatus(added, 201)
      expectEqual('the contact', added.body, contact)
      expectEqual('the list', await list(t, ada), { contacts: [contact], next_cursor: null })
      expectStatus(await remove(t, ada, phone_number), 204)
      expectEqual('the list', await list(t, ada), { contacts: [], next_cursor: null })
    },
  ],
  [
    'failures',
    '2',
    'user_not_found, cannot_add_self, contact_exists and contact_not_found are named',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      expectProblem(await add(t, ada, t.number()), 404, 'user_not_found')
      expectProblem(await add(t, ada, ada.phone_number), 400, 'cannot_add_self')
      expectStatus(await add(t, ada, ben.phone_number), 201)
      expectProblem(await add(t, ada, ben.phone_number), 409, 'contact_exists')
      expectProblem(await remove(t, ada, t.number()), 404, 'contact_not_found')
      expectStatus(await remove(t, ada, ben.phone_number), 204)
      expectProblem(await remove(t, ada, ben.phone_number), 404, 'contact_not_found')
      expectInvalid(await add(t, ada, 'not a number'))
    },
  ],
  [
    'one-sided',
    '2',
    'To add somebody puts nothing into the list of that somebody',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      expectStatus(await add(t, ada, ben.phone_number), 201)
      expectEqual('the list', (await list(t, ben)).contacts, [])
    },
  ],
  [
    'follow-the-person',
    '2',
    'A contact points at a user: a new number and name show at once',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      await t.befriend(ada, ben)
      const { token } = ben
      const body = { phonenumber: t.number(), ...passwordFor(t.target, ben) }
      const { phone_number } = (await t.rest('PUT', '/put_phonenumber', { token, body })).body
      const old = ben.phone_number
      ben.phone_number = String(phone_number)
      await t.rest('PUT', '/put_firstname', { token, body: { firstname: 'Benedict' } })
      const { lastname, email } = ben
      const contact = {
        firstname: 'Benedict',
        lastname,
        username: `Benedict ${lastname}`,
        email,
        phone_number,
      }
      expectEqual('the list', (await list(t, ada)).contacts, [contact])
      expectProblem(await add(t, ada, ben.phone_number), 409, 'contact_exists')
      expectProblem(await add(t, ada, old), 404, 'user_not_found')
    },
  ],
  [
    'pages',
    '2',
    'limit and cursor give pages that neither miss nor repeat',
    async t => {
      const ada = await t.person()
      const others: string[] = []
      for (let n = 0; n < 4; n++) {
        const { phone_number } = await t.person()
        others.push(phone_number)
        expectStatus(await add(t, ada, phone_number), 201)
      }
      const seen: string[] = []
      let cursor: string | null = ''
      for (let page = 0; cursor !== null && page < 6; page++) {
        const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`
        const { contacts: some, next_cursor } = await list(t, ada, `?limit=2${more}`)
        expectTrue('2 contacts a page at most', some.length <= 2, some.length)
        seen.push(...some.map(({ phone_number }) => String(phone_number)))
        cursor = next_cursor
      }
      expectSameMembers('all pages', seen, others)
    },
  ],
  [
    'bad-pages',
    '2',
    'A limit or cursor that is none is bad input',
    async t => {
      const { token } = await t.person()
      for (const query of ['?limit=0', '?limit=-1', '?limit=x', '?cursor=nonsense'])
        expectInvalid(await t.rest('GET', `/get_contacts${query}`, { token }))
    },
  ],
  [
    'once-of-many-at-once',
    '2',
    'Of many requests at once to add the same contact one succeeds',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      const answers = await Promise.all([1, 2, 3, 4].map(() => add(t, ada, ben.phone_number)))
      const statuses = answers.map(({ status }) => status).toSorted()
      expectEqual('the answers', statuses, [201, 409, 409, 409])
    },
  ],
  [
    'presence',
    '2',
    'get_presence shows mutual contacts alone: whether a device is there, and in a call',
    async t => {
      const [ada, ben, cyd] = [await t.person(), await t.person(), await t.person()]
      const presence = async () => (await t.rest('GET', '/get_presence', { token: ada.token })).body.presence
      const isNow = (wanted: unknown) =>
        eventually(`presence ${JSON.stringify(wanted)}`, presence, came => same(came, wanted), 3_000)
      await add(t, ada, ben.phone_number)
      expectEqual('presence', await presence(), [])
      await t.befriend(ada, ben)
      const { phone_number } = ben
      expectEqual('presence', await presence(), [{ phone_number, reachable: false, in_call: false }])
      const [onBen, onCyd] = [await t.device(ben), await t.device(cyd)]
      await isNow([{ phone_number, reachable: true, in_call: false }])
      await establish(onCyd, onBen)
      await isNow([{ phone_number, reachable: true, in_call: true }])
    },
  ],
])

const same = (one: unknown, other: unknown) => {
  const sorted = (value: unknown) =>
    JSON.stringify(value, Object.keys(Object(Array.isArray(value) ? value[0] : {})).sort())
  return sorted(one) === sorted(other)
}

export const blocks = casesOf('blocks', [
  [
    'block-list-unblock',
    '2',
    'Numbers are blocked and unblocked with 204, known or not, as often as you like',
    async t => {
      const { token } = await t.person()
      const [known, unknown] = [(await t.person()).phone_number, t.number()]
      const put = (phone_number: string) => t.rest('PUT', '/block_number', { token, body: { phone_number } })
      const blocked = async () => (await t.rest('GET', '/get_blocked', { token })).body.blocked as string[]
      expectEqual('the blocked', await blocked(), [])
      for (const number of [known, unknown, unknown]) expectStatus(await put(number), 204)
      expectSameMembers('the blocked', await blocked(), [known, unknown])
      const body = { phone_number: known }
      expectStatus(await t.rest('DELETE', '/unblock_number', { token, body }), 204)
      expectEqual('the blocked', await blocked(), [unknown])
    },
  ],
  [
    'blocked-caller',
    '2; 3',
    'Who is blocked hears unavailable, and the one who blocked hears and sees nothing',
    async t => {
      const [ada, ben] = await phones(t, 2)
      const { token } = ben.account
      const body = { phone_number: ada.number }
      expectStatus(await t.rest('PUT', '/block_number', { token, body }), 204)
      ada.call(ben.number)
      const { CALL_ID } = await expectEnd(ada, 'unavailable')
      await expectNothing(ben, ada)
      const history = await t.rest('GET', '/get_call_history', { token })
      expectTrue(
        'nothing in the history of who blocked',
        !history.text.includes(String(CALL_ID)),
        history.text,
      )
    },
  ],
  [
    'one-way-and-while-it-stands',
    '2; 3',
    'A block works one way, and while it stands',
    async t => {
      const [ada, ben] = await phones(t, 2)
      const { token } = ben.account
      const body = { phone_number: ada.number }
      await t.rest('PUT', '/block_number', { token, body })
      ada.call(ben.number)
      await expectEnd(ada, 'unavailable')
      expectStatus(await t.rest('DELETE', '/unblock_number', { token, body }), 204)
      await ring(ada, ben)
    },
  ],
])
