import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, freshNumber, login, person, type Rest } from '../people.js'
import type { RestOptions } from '../rest-client.js'
import { Times } from './figures.js'

/** What the server said it had done for one account. */
interface Entry {
  readonly account: Account
  /** Names in the order sent; the one stored must be the last acknowledged or a later one. */
  readonly names: string[]
  acknowledgedName: number
  readonly blocked: string[]
  readonly contacts: string[]
  /** Asked for, whatever came of it: a second time it may be there already. */
  readonly asked: Set<string>
  writes: number
}

/** Writes account data without pause, remembers every acknowledgement, and asks for all of it again at the end. */
export interface Ledger {
  /** Writers that go on until `rest`, whatever happens to the server. */
  work(writers: number): void
  pause(): Promise<void>
  /** Acknowledged writes so far. */
  readonly acknowledged: number
  /** How long requests took, by their answer: `2xx`, `503`, `lost` (no answer), `other`. */
  readonly answers: Readonly<Record<string, Times>>
  /** Answers that a writer should never see. */
  readonly odd: readonly string[]
  /** The last write that was acknowledged, on the clock of `performance.now()`. */
  readonly last: { readonly sent: number; readonly acknowledged: number }
  /** Reads everything back; what is missing. */
  missing(): Promise<string[]>
}

const writesPerAccount = 60

export function createLedger(rest: Rest): Ledger {
  const entries: Entry[] = []
  const unfinished: Entry[] = []
  const answers: Record<string, Times> = {}
  const odd: string[] = []
  let acknowledged = 0
  let last = { sent: 0, acknowledged: 0 }
  let working = false
  let writers: Promise<void>[] = []

  /** One request; whether it was acknowledged. */
  async function write(method: string, path: string, options: RestOptions): Promise<boolean> {
    const since = performance.now()
    const response = await rest(method, path, options).catch(() => undefined)
    const status = response?.status ?? 0
    const kind =
      status >= 200 && status < 300 ? '2xx' : status === 503 ? '503' : status === 0 ? 'lost' : 'other'
    if (kind === 'other') odd.push(`${method} ${path}: ${response?.text}`)
    answers[kind] ??= new Times()
    answers[kind].add(performance.now() - since)
    if (kind !== '2xx') {
      await sleep(20)
      return false
    }
    acknowledged += 1
    if (since > last.sent) last = { sent: since, acknowledged: performance.now() }
    return true
  }

  async function begin(): Promise<Entry | undefined> {
    const who = person()
    if (!(await write('POST', '/create_user', { body: who }))) return undefined
    const entry: Entry = {
      account: { ...who, token: '' },
      names: [who.firstname],
      acknowledgedName: 0,
      blocked: [],
      contacts: [],
      asked: new Set(),
      writes: 0,
    }
    entries.push(entry)
    const token = await login(rest, who).catch(() => undefined)
    if (token === undefined) return undefined
    Object.assign(entry.account, { token })
    return entry
  }

  async function keepAt(entry: Entry): Promise<void> {
    const { token } = entry.account
    while (working && entry.writes < writesPerAccount) {
      const turn = entry.writes++
      const other = entries[Math.floor(Math.random() * entries.length)]?.account.phone_number
      if (turn % 3 === 0) {
        const index = entry.names.push(`Mara ${turn}`) - 1
        const body = { firstname: entry.names[index] }
        if (await write('PUT', '/put_firstname', { token, body })) entry.acknowledgedName = index
      } else if (turn % 3 === 1 && other && other !== entry.account.phone_number && !entry.asked.has(other)) {
        entry.asked.add(other)
        const body = { contact_phonenumber: other }
        if (await write('POST', '/add_contact', { token, body })) entry.contacts.push(other)
      } else {
        const number = freshNumber()
        if (await write('PUT', '/block_number', { token, body: { phone_number: number } })) {
          entry.blocked.push(number)
        }
      }
    }
  }

  async function writer(): Promise<void> {
    while (working) {
      const entry = unfinished.pop() ?? (await begin())
      if (!entry) continue
      await keepAt(entry)
      if (entry.writes < writesPerAccount) unfinished.push(entry)
    }
  }

  async function missingOf({ account, ...entry }: Entry): Promise<string[]> {
    const token = account.token || (await login(rest, account).catch(() => undefined))
    if (token === undefined) return [`account ${account.email}`]
    const get = (path: string) => rest('GET', path, { token })
    const [user, blocked, contacts] = await Promise.all([
      get('/get_user'),
      get('/get_blocked'),
      get('/get_contacts?limit=100'),
    ])
    const gone: string[] = []
    if (user.status !== 200) gone.push(`the login of ${account.email}: ${user.text}`)
    else if (!entry.names.slice(entry.acknowledgedName).includes(String(user.body.firstname))) {
      gone.push(`name ${entry.names[entry.acknowledgedName]}: it is ${String(user.body.firstname)}`)
    }
    const numbers = new Set(blocked.body.blocked as string[])
    for (const number of entry.blocked) if (!numbers.has(number)) gone.push(`block ${number}`)
    const known = new Set(
      (contacts.body.contacts as { phone_number: string }[]).map(each => each.phone_number),
    )
    for (const number of entry.contacts) if (!known.has(number)) gone.push(`contact ${number}`)
    return gone
  }

  return {
    work(count) {
      working = true
      writers = Array.from({ length: count }, writer)
    },
    async pause() {
      working = false
      await Promise.all(writers.splice(0))
    },
    get acknowledged() {
      return acknowledged
    },
    answers,
    odd,
    get last() {
      return last
    },
    async missing() {
      const gone: string[] = []
      for (const entry of entries) gone.push(...(await missingOf(entry)))
      return gone
    },
  }
}
