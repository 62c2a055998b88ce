import { setTimeout as sleep } from 'node:timers/promises'
import { Limited } from '../run/limited.js'
import type { RestOptions, RestResponse } from '../wire/request.js'
import type { Member, Person } from './member.js'
import { keepRests } from './rest.js'

export type Ask = (method: string, path: string, options?: RestOptions) => Promise<RestResponse>

/** The users that a run makes. Each case has new ones; where the server makes no more, cases have them one after another. */
export interface Company {
  /** The server refused to register more: from now on one case at a time, with people of those before. */
  readonly isScarce: boolean
  /** How many were registered. */
  readonly size: number
  enter(ask: Ask, who: Person): Promise<Member>
  /** Somebody of an earlier case, as good as new, for a case with those others; undefined when there is nobody. */
  borrow(ask: Ask, others: readonly Member[]): Promise<Member | undefined>
  /** Somebody whom a case registered by itself. */
  note(who: Person): void
  /** A number called another. */
  called(from: string, to: string): void
  /** Somebody was deleted. */
  forget(email: string): void
  /** A case is done with them, while there were enough others. */
  retire(members: readonly Member[]): void
  /** A case is done with them. */
  release(ask: Ask, members: readonly Member[]): Promise<void>
  /** Deletes everybody; how many could not be. */
  leave(ask: Ask): Promise<number>
}

/** Logins that end close their sockets on every node within a second (contract section 2). */
const settleMs = 1_100
/** Whose password was tried too often is waited for at the end: it can be deleted as well. */
const leaveSeconds = 30
const retryAfter = ({ headers }: RestResponse) => Number(headers['retry-after'] ?? 60)

export function gather(): Company {
  const everybody = new Map<string, Member>()
  const free: { readonly member: Member; readonly fromMs: number }[] = []
  const retired: Member[] = []
  const rests = keepRests(() => performance.now())
  let isScarce = false
  let isLeaving = false

  const refusalOfLogin = async (ask: Ask, member: Member): Promise<RestResponse | undefined> => {
    const { email, password } = member
    const answer = await ask('POST', '/login', { body: { email, password } })
    if (answer.status !== 200) return answer
    member.token = String(answer.body.token)
    return undefined
  }
  const login = async (ask: Ask, member: Member, patienceSeconds = 0): Promise<boolean> => {
    const refused = await refusalOfLogin(ask, member)
    const seconds = refused ? retryAfter(refused) : 0
    if (refused?.status !== 429 || seconds > patienceSeconds) return refused === undefined
    await sleep(seconds * 1_000)
    return login(ask, member, patienceSeconds - seconds)
  }
  const note = (who: Person) => {
    const known = everybody.get(who.email)
    const member = known ?? { ...who, token: '' }
    everybody.set(who.email, member)
    return member
  }

  async function remove(ask: Ask, member: Member): Promise<boolean> {
    const go = () =>
      ask('DELETE', '/delete_user', { token: member.token, body: { password: member.password } })
    if (member.token !== '' && (await go()).status === 204) return true
    return (await login(ask, member, leaveSeconds)) && (await go()).status === 204
  }

  async function release(ask: Ask, members: readonly Member[]): Promise<void> {
    for (const member of members) {
      const list = () => ask('GET', '/get_contacts', { token: member.token })
      let contacts = await list()
      if (contacts.status !== 200 && (await login(ask, member))) contacts = await list()
      if (contacts.status !== 200) continue // deleted
      const { token } = member
      const blocked = await ask('GET', '/get_blocked', { token })
      for (const { phone_number } of contacts.body.contacts as Person[]) {
        await ask('DELETE', '/delete_contact', { token, body: { contact_phonenumber: phone_number } })
      }
      for (const phone_number of blocked.body.blocked as string[]) {
        await ask('DELETE', '/unblock_number', { token, body: { phone_number } })
      }
      const user = await ask('GET', '/get_user', { token })
      member.phone_number = String(user.body.phone_number)
      for (const name of ['firstname', 'lastname'] as const) {
        if (user.body[name] === member[name]) continue
        await ask('PUT', `/put_${name}`, { token, body: { [name]: member[name] } })
      }
      await ask('POST', '/logout_everywhere', { token })
      free.push({ member, fromMs: performance.now() + settleMs })
    }
  }

  return {
    get isScarce() {
      return isScarce
    },
    get size() {
      return everybody.size
    },
    note: who => void note(who),
    called: rests.called,
    forget: email => void everybody.delete(email),
    async enter(ask, who) {
      if (isLeaving) throw new Limited('the run is over', 0)
      const created = await ask('POST', '/create_user', { body: who })
      if (created.status === 429) {
        isScarce = true
        throw new Limited('the server registers no more users from here', retryAfter(created))
      }
      if (created.status !== 201) throw new Error(`create_user answered ${created.status} ${created.text}`)
      const member = note(who)
      member.phone_number = String(created.body.phone_number)
      if (!(await login(ask, member))) throw new Error('login after create_user was refused')
      return member
    },
    async borrow(ask, others) {
      await release(ask, retired.splice(0))
      const numbers = others.map(({ phone_number }) => phone_number)
      const waitOf = ({ member, fromMs }: (typeof free)[number]) =>
        Math.max(0, fromMs - performance.now(), rests.wait(member.phone_number, numbers))
      for (let left = free.length; left > 0; left--) {
        const next = free.toSorted((one, other) => waitOf(one) - waitOf(other))[0]
        if (!next) break
        free.splice(free.indexOf(next), 1)
        await sleep(waitOf(next))
        const refused = await refusalOfLogin(ask, next.member)
        if (!refused) return next.member
        // Whose password a case got wrong too often is somebody for a later case.
        if (refused.status === 429)
          free.push({ ...next, fromMs: performance.now() + retryAfter(refused) * 1_000 })
      }
      return undefined
    },
    retire: members => void retired.push(...members),
    release,
    async leave(ask) {
      isLeaving = true
      let left = 0
      while (everybody.size > 0) {
        const some = [...everybody.values()]
        everybody.clear() // whom a case still registers comes in the next round
        const next = some.values()
        const one = async () => {
          for (const member of next) if (!(await remove(ask, member).catch(() => false))) left += 1
        }
        await Promise.all(Array.from({ length: 4 }, one))
      }
      return left
    },
  }
}
