import { setTimeout as sleep } from 'node:timers/promises'
import { checkAnswer } from '../check/answers.js'
import { messageFault } from '../check/schemas.js'
import type { Company } from '../people/company.js'
import { type Member, type Person, somebody } from '../people/member.js'
import { connectDevice, type Device } from '../wire/device.js'
import { type RestOptions, type RestResponse, request } from '../wire/request.js'
import { type Frame, openWire, type Wire, type WireOptions } from '../wire/socket.js'
import { Unexpected } from '../wire/unexpected.js'
import { Limited } from './limited.js'
import type { Target } from './target.js'
import type { Transcript } from './transcript.js'

export type Phone = Device<Member>
/** `at`: this address, not the one whose turn it is. */
type AskOptions = RestOptions & { readonly at?: string }
type SocketOptions = WireOptions & { readonly url?: string; readonly who?: string }

/** What one case has to try a server with. Everything said goes into its transcript, everything heard is checked. */
export interface Trial {
  readonly target: Target
  rest(method: string, path: string, options?: AskOptions): Promise<RestResponse>
  /** Somebody registered and logged in. */
  person(traits?: Partial<Person>): Promise<Member>
  /** Somebody who is not registered. */
  nobody(traits?: Partial<Person>): Person
  /** The same person, logged in once more: another device. */
  again(member: Member): Promise<Member>
  /** A device; of somebody new when nobody is given, whom everybody else in this case may call. */
  device(member?: Member, options?: SocketOptions): Promise<Phone>
  /** Contacts of each other. */
  befriend(one: Member, other: Member): Promise<void>
  /** A socket that has not said `connect`. */
  socket(options?: SocketOptions): Promise<Wire>
  /** A number that is valid and belongs to nobody. */
  number(): string
  /** Not shown in the dialogue. */
  secret(text: string, name: string): void
}

export interface Ended {
  readonly members: readonly Member[]
  /** How long limits have been waited for so far: none of the case's own time. */
  waitedMs(): number
  end(): Promise<void>
}

export interface TrialOptions {
  readonly target: Target
  readonly company: Company
  readonly transcript: Transcript
  readonly aboutLimits: boolean
  /** Which of several addresses comes next. */
  readonly turn: () => number
}

const names = ['ada', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal']

export function beginTrial(options: TrialOptions): Trial & Ended {
  const { target, company, transcript, aboutLimits, turn } = options
  const members: Member[] = []
  const called: Member[] = []
  const wires = new Set<Wire>()
  const nameOf = new Map<string, string>()
  const devicesOf = new Map<string, number>()
  const atTurn = <Value>(values: readonly [Value, ...Value[]]) => values[turn() % values.length] ?? values[0]
  const whose = (token: string | undefined) => (token && nameOf.get(token.replace(/^bearer /i, ''))) || '-'

  function introduce(member: Member): Member {
    const name = nameOf.get(member.email) ?? names[members.length] ?? `user ${members.length + 1}`
    if (!nameOf.has(member.email)) members.push(member)
    nameOf.set(member.email, name)
    nameOf.set(member.token, name)
    transcript.secret(member.token, `token of ${name}`)
    transcript.secret(member.password, `password of ${name}`)
    return member
  }

  async function once(method: string, path: string, { at, ...more }: AskOptions): Promise<RestResponse> {
    const who = whose(more.token)
    const said = more.body === undefined ? String(more.raw ?? '') : JSON.stringify(more.body)
    transcript.add(who, '→', `${method} ${path} ${said}`.trimEnd())
    const { ca } = target
    const answer = await request(at ?? atTurn(target.apis), method, path, { ...(ca && { ca }), ...more })
    transcript.add(who, '←', `${answer.status} ${answer.text}`.trimEnd())
    return answer
  }

  let waited = 0
  const waits = new Set<number>()
  async function waiting<Value>(what: Promise<Value>): Promise<Value> {
    const since = performance.now()
    waits.add(since)
    try {
      return await what
    } finally {
      waits.delete(since)
      waited += performance.now() - since
    }
  }

  /** A limit that is short is waited for, once the case is not about limits; a longer one ends the case. */
  async function rest(method: string, path: string, more: AskOptions = {}): Promise<RestResponse> {
    for (let waitedSeconds = 0; ; ) {
      const answer = await once(method, path, more)
      const limited = answer.status === 429 || answer.status === 503
      if (!limited || aboutLimits) {
        checkAnswer(method, path, answer)
        return answer
      }
      const seconds = Math.max(1, Number(answer.headers['retry-after'] ?? 5))
      waitedSeconds += seconds
      if (waitedSeconds > target.patienceSeconds)
        throw new Limited(`${method} ${path} answered ${answer.status}`, seconds)
      transcript.add('-', '·', `waits ${seconds} s for a limit`)
      await waiting(sleep(seconds * 1_000))
    }
  }

  function heard(who: string, frame: Frame, text: string) {
    transcript.add(who, '←', text)
    const fault = messageFault(frame)
    if (fault) throw new Unexpected(`a valid message (${fault})`, text.slice(0, 400))
    if (frame.CODE === 'rate_limited' && !aboutLimits)
      throw new Limited(`${who} said too much for a limit`, 6)
  }

  /** Renegotiations are counted too: better too much rest than too little. */
  function noteCall(text: string) {
    const [, to] = /"REASON":"call".*"RECEIVER_PHONE_NUMBER":"([^"]+)"/.exec(text) ?? []
    const [, from] = /"SENDER_PHONE_NUMBER":"([^"]+)"/.exec(text) ?? []
    if (to !== undefined) company.called(from ?? '', to)
  }

  const listening = (who: string, more: WireOptions): WireOptions => ({
    ...(target.ca && { ca: target.ca }),
    ...more,
    onSent: text => {
      transcript.add(who, '→', text)
      noteCall(text)
    },
    onFrame: (frame, text) => heard(who, frame, text),
  })
  const keep = (who: string) => (wire: Wire) => {
    wires.add(wire)
    void wire.closed.then(({ code, reason }) =>
      transcript.add(who, '·', `closed ${code} ${reason}`.trimEnd()),
    )
  }
  const orLimited = (error: unknown): never => {
    if (!aboutLimits && String(error).includes('upgrade refused with 429'))
      throw new Limited('the server takes no more sockets from here', 10)
    throw error
  }

  /** `create_user` of a person comes by here alone, so that everybody is deleted in the end. */
  async function person(traits: Partial<Person> = {}): Promise<Member> {
    const plain = Object.keys(traits).length === 0
    const ask = (method: string, path: string, more: RestOptions = {}) => once(method, path, more)
    const borrowed = company.isScarce && plain ? await waiting(company.borrow(ask, members)) : undefined
    if (borrowed) return introduce(borrowed)
    const who = nobody(traits)
    transcript.secret(who.password, 'password')
    return introduce(await company.enter(ask, who))
  }
  const nobody = (traits: Partial<Person> = {}) => somebody(target.freshNumber, traits)

  async function befriend(one: Member, other: Member) {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const body = { contact_phonenumber: to.phone_number }
      const { status, text } = await rest('POST', '/add_contact', { token: from.token, body })
      if (status !== 201 && status !== 409) throw new Unexpected('201', `${status} ${text}`)
    }
  }

  return {
    target,
    members,
    waitedMs: () => waited + Math.max(0, ...[...waits].map(since => performance.now() - since)),
    async rest(method, path, more) {
      const answer = await rest(method, path, more)
      if (method === 'POST' && path === '/create_user' && answer.status === 201)
        company.note(more?.body as Person)
      if (method === 'DELETE' && path === '/delete_user' && answer.status === 204)
        for (const { email, token } of members) if (token === more?.token) company.forget(email)
      return answer
    },
    person,
    nobody,
    befriend,
    async again(member) {
      const { email, password } = member
      const { body } = await rest('POST', '/login', { body: { email, password } })
      return introduce({ ...member, token: String(body.token) })
    },
    async device(given, { url, who, ...more } = {}) {
      const member = given ?? (await person())
      const known = called.some(({ email }) => email === member.email)
      if (target.profile === 'strict' && !known) {
        for (const other of called) await befriend(member, other)
      }
      if (!known) called.push(member)
      const name = who ?? nameOf.get(member.email) ?? '-'
      const count = (devicesOf.get(name) ?? 0) + 1
      devicesOf.set(name, count)
      const shown = count > 1 ? `${name}/${count}` : name
      const at = url ?? (() => atTurn(target.signals))
      return connectDevice(at, member, { ...listening(shown, more), onWire: keep(shown) }).catch(orLimited)
    },
    async socket({ url, who = 'socket', ...more } = {}) {
      const wire = await openWire(url ?? atTurn(target.signals), listening(who, more)).catch(orLimited)
      keep(who)(wire)
      return wire
    },
    number: target.freshNumber,
    secret: (text, name) => transcript.secret(text, name),
    async end() {
      for (const { socket } of wires) socket.terminate()
      await Promise.all([...wires].map(({ closed }) => closed))
    },
  }
}
