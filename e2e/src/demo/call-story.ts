import { setTimeout as sleep } from 'node:timers/promises'
import { login, type Person, register } from '../people.js'
import type { Product } from '../product.js'
import { type RestOptions, request } from '../rest-client.js'
import type { Narrator } from './narrator.js'
import { createPhone, type Phone } from './phone.js'

/** What the call came to. */
export interface CallFacts {
  readonly call_id: string
  /** From the caller's `call` to ICE and DTLS through on both sides. */
  readonly setup_ms: number
  readonly round_trip_ms: number
  readonly rtp_sent: number
  readonly rtp_received: readonly [ada: number, ben: number]
  readonly outcome: string
}

export interface StoryOptions {
  readonly product: Pick<Product, 'api' | 'signal'>
  readonly narrator: Narrator
  readonly dropCandidates: boolean
  /** Aborts when something failed elsewhere, or time is up. */
  readonly fail: (error: Error) => void
  readonly mediaWithinMs: number
  /** Told what has to be closed in the end, whatever happens. */
  readonly own: (closes: () => Promise<unknown>) => void
}

const ada: Person = {
  firstname: 'Ada',
  lastname: 'Lovelace',
  phone_number: '1234567890',
  email: 'ada@domain.yup',
  password: 'SuperSecure',
}
const ben: Person = {
  firstname: 'Ben',
  lastname: 'Franklin',
  phone_number: '1212121212',
  email: 'ben@domain.yup',
  password: 'SuperSecure',
}
const rtpPackets = 50
/** The history is written off the hot path. */
const historyWithinMs = 3_000
const pings = 20

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(ms)
  return Promise.race([
    promise,
    new Promise<never>((_, reject) =>
      late.addEventListener('abort', () => reject(new Error(`${what} within ${ms / 1000} s`))),
    ),
  ])
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await sleep(20)
  }
}

/** Ada says so many things over the data channel, Ben says each back: the median round trip. */
async function echo(from: Phone, to: Phone): Promise<number> {
  let back = (_: string) => {}
  to.peer.onText(text => to.peer.send(`${text}, said Ben`))
  from.peer.onText(text => back(text))
  const times: number[] = []
  for (let n = 1; n <= pings; n++) {
    const since = performance.now()
    const echoed = new Promise<string>(resolve => {
      back = resolve
    })
    from.peer.send(`hello ${n}`)
    const text = await echoed
    if (text !== `hello ${n}, said Ben`) throw new Error(`the data channel changed "hello ${n}" to "${text}"`)
    times.push(performance.now() - since)
  }
  return times.sort((a, b) => a - b)[pings >> 1] ?? 0
}

async function audioArrives(phones: readonly Phone[]): Promise<void> {
  for (const { peer } of phones) peer.sendAudio(rtpPackets)
  while (phones.some(({ peer }) => peer.audioReceived() < rtpPackets)) await sleep(5)
}

/** From two strangers to a call in the history: REST as the seed has it, its five messages, and real media. */
export async function tellCall(options: StoryOptions): Promise<CallFacts> {
  const { product, narrator, dropCandidates, mediaWithinMs, fail, own } = options
  const rest = (method: string, path: string, more?: RestOptions) => request(product.api, method, path, more)
  const tokens: string[] = []
  for (const who of [ada, ben]) {
    await register(rest, who)
    narrator.step(who.firstname, 'POST /create_user', `${who.phone_number}, ${who.email}`)
    tokens.push(await login(rest, who))
    narrator.step(who.firstname, 'POST /login', 'a token')
  }
  const [adasToken = '', bensToken = ''] = tokens
  const contact = { token: adasToken, body: { contact_phonenumber: ben.phone_number } }
  const added = await rest('POST', '/add_contact', contact)
  if (added.status !== 201) throw new Error(`POST /add_contact answered ${added.status}`)
  narrator.step('Ada', 'POST /add_contact', `${String(added.body.username)}, ${ben.phone_number}`)

  const phoneOf = (who: Person) => {
    const { firstname: name, phone_number: number } = who
    const phone = createPhone({ name, number, url: product.signal, narrator, dropCandidates, onError: fail })
    own(phone.close)
    return phone
  }
  const [adas, bens] = [phoneOf(ada), phoneOf(ben)]
  await Promise.all([adas.connect(adasToken), bens.connect(bensToken)])

  const since = performance.now()
  const calling = adas.call(ben.phone_number)
  await Promise.all([adas.heard('ringing'), bens.heard('call')])
  await Promise.all([bens.accept(), calling])
  const { CALL_ID } = await adas.heard('callResponse')
  const connected = Promise.all([adas.peer.connected, bens.peer.connected])
  await within(mediaWithinMs, 'media did not connect', connected)
  const setup = performance.now() - since
  narrator.step('media', 'connected', `ICE and DTLS, ${setup.toFixed(0)} ms after the call began`)

  const channels = Promise.all([adas.peer.channelOpen, bens.peer.channelOpen])
  await within(mediaWithinMs, 'the data channel did not open', channels)
  const roundTrip = await within(mediaWithinMs, 'data did not come back', echo(adas, bens))
  narrator.step(
    'media',
    'data, both ways',
    `${pings} messages each, ${roundTrip.toFixed(1)} ms there and back`,
  )
  await within(mediaWithinMs, 'audio did not arrive', audioArrives([adas, bens]))
  const received = [adas.peer.audioReceived(), bens.peer.audioReceived()] as const
  narrator.step('media', 'audio, both ways', `${received.join(' and ')} RTP packets of ${rtpPackets} each`)

  adas.hangUp()
  await bens.heard('HangUp')
  const inHistory = async () => {
    const { body } = await rest('GET', '/get_call_history', { token: adasToken })
    const calls = (body.calls ?? []) as Record<string, unknown>[]
    return calls.find(each => each.call_id === CALL_ID && each.ended_at)
  }
  const call = await within(historyWithinMs, 'the call was not in the history', eventually(inHistory))
  const lasted = Date.parse(String(call.ended_at)) - Date.parse(String(call.answered_at))
  narrator.step(
    'Ada',
    'GET /get_call_history',
    `${String(call.direction)} to ${String(call.peer)}, ${String(call.outcome)}, ${lasted} ms`,
  )

  return {
    call_id: String(CALL_ID),
    setup_ms: Math.round(setup),
    round_trip_ms: Number(roundTrip.toFixed(2)),
    rtp_sent: rtpPackets,
    rtp_received: received,
    outcome: String(call.outcome),
  }
}
