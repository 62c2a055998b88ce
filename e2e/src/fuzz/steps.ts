import fc from 'fast-check'
import type { Bytes } from './bytes.js'
import { type FrameFields, opcodes } from './frame-bytes.js'
import { jsonText, type Members } from './json-texts.js'
import { oddValue } from './odd-values.js'
import { mangledTokens } from './placeholders.js'

/** One thing that happens at one of the devices of a group. */
export type Step = { readonly device: number } & (
  | { readonly kind: 'text'; readonly payload: Bytes; readonly cuts: readonly number[] }
  | { readonly kind: 'control'; readonly opcode: number; readonly payload: Bytes }
  /** Frames after which the two ends may disagree; the connection is ended after them. */
  | { readonly kind: 'wild'; readonly frames: readonly FrameFields[] }
  | { readonly kind: 'drop'; readonly resume: boolean }
  /** Waits for every answer. */
  | { readonly kind: 'settle' }
  /** A socket that says all this and is nobody. */
  | { readonly kind: 'stranger'; readonly payloads: readonly Bytes[] }
)

/** Devices of a group, by whose they are: the first user has two. */
export const devicesOf = [0, 0, 1, 2] as const

const member = (name: string, ...values: string[]): fc.Arbitrary<Members> =>
  fc.constantFrom(...values).map(value => [[name, value] as const])
const maybe = (members: fc.Arbitrary<Members>, weight = 1): fc.Arbitrary<Members> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<Members>([]) }, { weight, arbitrary: members })
const together = (...parts: fc.Arbitrary<Members>[]): fc.Arbitrary<Members> =>
  fc.tuple(...parts).map(all => all.flat())

const receiver = member(
  'RECEIVER_PHONE_NUMBER',
  '"{{user0}}"',
  '"{{user1}}"',
  '"{{user2}}"',
  '"{{user1}}"',
  '"000"',
)
const about = together(
  maybe(member('SENDER_PHONE_NUMBER', '"{{me}}"', '"+{{me}}"', '"{{user1}}"'), 3),
  receiver,
  maybe(member('CALL_ID', '"{{call}}"', '"{{first}}"')),
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Members>([['ID', '"{{id}}"']]) },
    {
      weight: 1,
      arbitrary: member('ID', '"same"', '"__proto__"', `"${'i'.repeat(64)}"`, `"${'i'.repeat(65)}"`),
    },
    { weight: 2, arbitrary: fc.constant<Members>([]) },
  ),
)
/** SDPs and candidates whose addresses a stranger must not learn, in every form that clients have for them. */
const candidateLine = 'candidate:1 1 udp 2122260223 192.0.2.7 9 typ host'
const relayLine = 'candidate:2 1 udp 41885439 198.51.100.3 3478 typ relay raddr 192.0.2.7 rport 9'
const sdpText = `v=0\r\no=- 1 2 IN IP4 192.0.2.7\r\nc=IN IP6 2001:db8::7\r\na=${candidateLine}\r\na=${relayLine}\r\n`
const within = (text: string, times: number): string =>
  times === 0
    ? text
    : within(JSON.stringify({ type: 'offer', sdp: text, candidate: text, toString: null }), times - 1)
const withAddresses = [
  sdpText,
  candidateLine,
  relayLine,
  '',
  '{',
  '{"sdp":null}',
  `{"candidate":${'['.repeat(900)}`,
].flatMap(text => [
  JSON.stringify(text),
  within(text, 1),
  JSON.stringify(within(text, 1)),
  JSON.stringify(within(text, 3)),
])

const payload = (name: string) =>
  fc
    .oneof(
      { weight: 6, arbitrary: fc.constantFrom('"v=0\\r\\n"', '{"type":"offer","sdp":"v=0"}', '"x"', 'null') },
      { weight: 3, arbitrary: fc.constantFrom(...withAddresses) },
      { weight: 1, arbitrary: oddValue },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(2_040, 2_049, 10_923, 32_767, 32_769, 40_000)
          .map(n => `"${'s'.repeat(n)}"`),
      },
    )
    .map((value): Members => [[name, value]])
const reason = (name: string) => fc.constant<Members>([['REASON', `"${name}"`]])

const message: fc.Arbitrary<Members> = fc.oneof(
  { weight: 6, arbitrary: together(reason('call'), about, payload('SDP')) },
  {
    weight: 5,
    arbitrary: together(
      reason('callResponse'),
      member('RESPONSE', '"accept"', '"accept"', '"deny"'),
      about,
      payload('SDP'),
    ),
  },
  { weight: 6, arbitrary: together(reason('ICECandidate'), about, payload('CANDIDATE')) },
  { weight: 3, arbitrary: together(reason('HangUp'), about) },
  {
    weight: 1,
    arbitrary: together(
      reason('connect'),
      member(
        'TOKEN',
        '"{{token}}"',
        '"{{token}}"',
        '"{{token}}"',
        '"{{otherToken}}"',
        ...mangledTokens.map(t => `"${t}"`),
      ),
      maybe(member('SESSION', '"{{session}}"', '"x"', '"__proto__"')),
      maybe(member('LAST_SEQ', '0', '1', '9007199254740991', '-1', '1.5', '"0"')),
    ),
  },
)

const right = message.map(members => `{${members.map(([name, value]) => `"${name}":${value}`).join()}}`)
/** Half of them as they should be: chaos in the order is as good as chaos in the text. */
const anyText: fc.Arbitrary<Bytes> = fc.oneof(
  { weight: 3, arbitrary: right.map(text => Buffer.from(text).toString('latin1')) },
  { weight: 3, arbitrary: jsonText(message) },
)

const cuts = fc.oneof(
  { weight: 8, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 8 }) },
)

const field = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(usual, ...others) },
  )

const someBytes = fc.oneof(
  fc.constantFrom(
    '',
    '\x03',
    '\x03\xe8',
    '\x03\xe7x',
    '\x11\x30bye',
    '\xff\xff',
    '\x03\xe8\xff',
    '"',
    '{}',
    '\xc3\x28',
    '\xed\xa0\x80',
  ),
  fc.constantFrom(1, 126, 65_535, 65_536, 65_537, 70_000).map(n => 'x'.repeat(n)),
  anyText,
)

const frame: fc.Arbitrary<FrameFields> = fc.record({
  fin: field(true, false),
  rsv: field(0, 1, 2, 4, 7),
  opcode: field(opcodes.text, 0, 2, 3, 7, 8, 9, 10, 11, 15),
  masked: field(true, false),
  length: field('exact', 'wide16', 'wide64', 'lie', 'huge'),
  payload: someBytes,
})

const splinters = fc
  .tuple(fc.constantFrom(60, 64, 65, 66, 2_000), fc.constantFrom('', ' ', 'x'.repeat(2_000)))
  .map(([count, piece]): FrameFields[] =>
    Array.from({ length: count }, (_, n) => ({
      fin: n === count - 1,
      rsv: 0,
      opcode: n === 0 ? opcodes.text : opcodes.continuation,
      masked: true,
      length: 'exact',
      payload: piece,
    })),
  )

const device = fc.nat({ max: devicesOf.length - 1 })

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 50, arbitrary: fc.record({ kind: fc.constant('text'), device, payload: anyText, cuts }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('control'),
      device,
      opcode: fc.constantFrom(opcodes.ping, opcodes.pong),
      payload: fc.constantFrom('', 'x', 'y'.repeat(125), '\xff\x00'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wild'),
      device,
      frames: fc.array(frame, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), device, resume: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stranger'),
      device,
      payloads: fc.array(anyText, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wild'), device, frames: splinters }) },
) as fc.Arbitrary<Step>
