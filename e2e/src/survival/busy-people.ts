import { connectDevice, type Device } from '../device.js'
import { type Account, freshNumber, login, person, type Rest, register } from '../people.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'

/** Something that the server said yes to, and when the yes was here. */
type Acknowledged<Act> = Act & { readonly at: number }

export interface Acts {
  readonly accounts: Acknowledged<{ account: Account }>[]
  readonly tokens: Acknowledged<{ account: Account }>[]
  readonly contacts: Acknowledged<{ owner: Account; number: string }>[]
  readonly blocks: Acknowledged<{ owner: Account; number: string }>[]
  readonly names: Acknowledged<{ account: Account; count: number }>[]
  readonly calls: Acknowledged<{ account: Account; callId: string; step: 'placed' | 'answered' | 'ended' }>[]
}

export interface BusyPeople {
  readonly acts: Acts
  /** Resolves when every kind of act was done once more by each of them. */
  round(): Promise<void>
  /** Lets them finish what they are at. */
  stop(): Promise<void>
}

/** People who register, log in, add, block, rename and call without a pause, each pair on its own. */
export function busyPeople(product: Pick<Product, 'api' | 'signal'>, pairs: number): BusyPeople {
  const { api, signal } = product
  const rest: Rest = (method, path, more) => request(api, method, path, more)
  const acts: Acts = { accounts: [], tokens: [], contacts: [], blocks: [], names: [], calls: [] }
  const now = () => performance.now()
  let going = true
  let rounds = 0
  let waiting: { rounds: number; resolve: () => void }[] = []

  async function said(status: number, ...[method, path, options]: Parameters<Rest>): Promise<void> {
    const response = await rest(method, path, options)
    if (response.status !== status) throw new Error(`${path}: ${response.status} ${response.text}`)
  }

  async function somebody(): Promise<Account> {
    const who = person()
    await register(rest, who)
    const registered = now()
    const account = { ...who, token: await login(rest, who) }
    acts.accounts.push({ account, at: registered })
    acts.tokens.push({ account, at: now() })
    return account
  }

  async function asked(device: Device, message: object): Promise<void> {
    const answer = await device.ask(message as Record<string, unknown>)
    if (answer.REASON !== 'ack') throw new Error(`refused: ${JSON.stringify(answer)}`)
  }

  async function call(caller: Device, callee: Device): Promise<void> {
    const rung = callee.next('call')
    await asked(caller, { REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: 'offer' })
    const placed = now()
    const callId = String((await rung).CALL_ID)
    const note = (step: 'placed' | 'answered' | 'ended', at: number) =>
      acts.calls.push({ account: caller.account, callId, step, at })
    note('placed', placed)
    const answer = { REASON: 'callResponse', RESPONSE: 'accept', SDP: 'answer' }
    await asked(callee, { ...answer, RECEIVER_PHONE_NUMBER: caller.number })
    note('answered', now())
    await asked(caller, { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: callee.number })
    note('ended', now())
    await callee.until('the end', frame => frame.REASON === 'HangUp')
  }

  async function live(): Promise<void> {
    const old = await somebody()
    for (let count = 1; going; count++) {
      const friend = await somebody()
      const [token, number] = [old.token, freshNumber()]
      await said(201, 'POST', '/add_contact', { token, body: { contact_phonenumber: friend.phone_number } })
      acts.contacts.push({ owner: old, number: friend.phone_number, at: now() })
      await said(204, 'PUT', '/block_number', { token, body: { phone_number: number } })
      acts.blocks.push({ owner: old, number, at: now() })
      await said(200, 'PUT', '/put_firstname', { token, body: { firstname: `Mara ${count}` } })
      acts.names.push({ account: old, count, at: now() })
      const [caller, callee] = [await connectDevice(signal, old), await connectDevice(signal, friend)]
      await call(caller, callee)
      await Promise.all([caller.drop(), callee.drop()])
      rounds += 1
      for (const each of waiting.filter(({ rounds: after }) => after <= rounds)) each.resolve()
      waiting = waiting.filter(({ rounds: after }) => after > rounds)
    }
  }

  const lives = Promise.all(Array.from({ length: pairs }, live))
  const failed = lives.then(() => {})
  failed.catch(() => {})
  return {
    acts,
    round: () => {
      const enough = new Promise<void>(resolve => waiting.push({ rounds: rounds + 2 * pairs, resolve }))
      return Promise.race([enough, failed])
    },
    stop: async () => {
      going = false
      await lives
    },
  }
}

const before = <Act extends { readonly at: number }>(acts: readonly Act[], moment: number) =>
  acts.filter(({ at }) => at < moment)

/** What was said yes to before `moment` and is not there: nothing, one hopes. Also how much was looked for. */
export async function missingIn(
  api: string,
  acts: Acts,
  moment: number,
): Promise<{ missing: string[]; sought: number }> {
  const rest: Rest = (method, path, more) => request(api, method, path, more)
  const missing: string[] = []
  let sought = 0
  const look = (there: boolean, what: string) => {
    sought += 1
    if (!there) missing.push(what)
  }
  const listed = async (path: string, { token }: Account) =>
    JSON.stringify((await rest('GET', path, { token })).body)

  for (const { account } of before(acts.accounts, moment))
    look(await login(rest, account).then(Boolean, () => false), `account ${account.email}`)
  for (const { account } of before(acts.tokens, moment))
    look((await rest('GET', '/get_user', { token: account.token })).status === 200, `token ${account.email}`)
  for (const { owner, number } of before(acts.contacts, moment))
    look((await listed('/get_contacts?limit=100', owner)).includes(number), `contact ${number}`)
  for (const { owner, number } of before(acts.blocks, moment))
    look((await listed('/get_blocked', owner)).includes(number), `block ${number}`)
  for (const { account, count } of before(acts.names, moment)) {
    const { body } = await rest('GET', '/get_user', { token: account.token })
    look(Number(String(body.firstname).split(' ')[1]) >= count, `name ${count}, it is ${body.firstname}`)
  }
  for (const { account, callId, step } of before(acts.calls, moment)) {
    const { body } = await rest('GET', '/get_call_history?limit=100', { token: account.token })
    const calls = body.calls as { call_id: string; answered_at: string | null; ended_at: string | null }[]
    const found = calls.find(each => each.call_id === callId)
    const there = { placed: found, answered: found?.answered_at, ended: found?.ended_at }[step]
    look(Boolean(there), `call ${callId} ${step}`)
  }
  return { missing, sought }
}
