import fc from 'fast-check'
import { type Bytes, utf8 } from './bytes.js'
import { oddValue } from './odd-values.js'

/** The members of a JSON object in order, each name with the JSON text of its value. A name may come twice. */
export type Members = readonly (readonly [name: string, value: string])[]

type Change = (members: Members) => Members
type Damage = (text: string) => string

const strangeName = fc.constantFrom(
  ...[
    '__proto__',
    'constructor',
    'toString',
    '',
    'admin',
    'role',
    'id',
    'REASON',
    'ID',
    'email',
    'X',
    '0',
    '\u0000',
  ],
  ...['\\u005f_proto__', '\\u0052EASON', 'e\\u006dail', 'EMAIL', 'Ｒeason'],
)
const at = fc.nat({ max: 9 })
const within = (members: Members, n: number) => (members.length === 0 ? 0 : n % members.length)

/** Changes what an object says; what comes out is JSON if the value put in is. */
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(at, oddValue).map(
      ([n, value]): Change =>
        m =>
          m.map((member, i) => (i === within(m, n) ? [member[0], value] : member)),
    ),
  },
  {
    weight: 3,
    arbitrary: at.map(
      (n): Change =>
        m =>
          m.filter((_, i) => i !== within(m, n)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(strangeName, oddValue).map(
      ([name, value]): Change =>
        m => [...m, [name, value]],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(strangeName, oddValue).map(
      ([name, value]): Change =>
        m => [[name, value], ...m],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(at, oddValue, fc.boolean()).map(
      ([n, value, same]): Change =>
        m => {
          const twice = m[within(m, n)]
          return twice ? [...m, [twice[0], same ? twice[1] : value]] : m
        },
    ),
  },
  { weight: 1, arbitrary: fc.constant((m: Members) => [...m].reverse()) },
  {
    weight: 1,
    arbitrary: fc.tuple(at, strangeName).map(
      ([n, name]): Change =>
        m =>
          m.map((member, i) => (i === within(m, n) ? [name, member[1]] : member)),
    ),
  },
)

/** Hurts the text of it: cut, doubled, filled, wrapped. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.nat({ max: 400 }).map(
    (n): Damage =>
      text =>
        text.slice(0, n % (text.length + 1)),
  ),
  fc.nat({ max: 400 }).map(
    (n): Damage =>
      text =>
        text.slice(n % (text.length + 1)),
  ),
  fc.tuple(fc.nat({ max: 400 }), fc.string({ unit: 'binary', maxLength: 4 })).map(
    ([n, piece]): Damage =>
      text => {
        const where = n % (text.length + 1)
        return text.slice(0, where) + piece + text.slice(where)
      },
  ),
  fc.constantFrom<Damage>(
    text => text + text,
    text => `[${text}]`,
    text => `\ufeff${text}`,
    text => `${text},`,
    text => `${text} // x`,
    text => `/**/${text}`,
    text => JSON.stringify(text),
    text => text.replaceAll('"', "'"),
    text => text.replaceAll(':', ' :\n\t').replaceAll(',', ' ,\r\n'),
    text => text.replace(/}$/, ',}'),
    text => `${' '.repeat(20_000)}${text}`,
    text => ' '.repeat(70_000) + text,
    () => '',
    () => '{',
    () => 'null',
    () => '"text"',
  ),
)

/** Hurts the bytes: not UTF-8 any more, or another encoding. */
const corruption: fc.Arbitrary<(bytes: Bytes) => Bytes> = fc.oneof(
  fc
    .tuple(fc.nat({ max: 400 }), fc.constantFrom(0x00, 0x80, 0xc0, 0xed, 0xff))
    .map(([n, byte]) => (bytes: Bytes) => {
      const where = n % (bytes.length + 1)
      return bytes.slice(0, where) + String.fromCharCode(byte) + bytes.slice(where)
    }),
  fc.constantFrom(
    (bytes: Bytes) => Buffer.from(bytes, 'utf16le').toString('latin1'),
    (bytes: Bytes) => `${bytes}\xed\xa0\x80`,
    (bytes: Bytes) => `\x1f\x8b\x08\x00${bytes}`,
  ),
)

const write = (members: Members) => `{${members.map(([name, value]) => `"${name}":${value}`).join()}}`

/** An object's text: as it should be about one time in four, else changed up to thrice, sometimes damaged. */
export function jsonText(members: fc.Arbitrary<Members>): fc.Arbitrary<Bytes> {
  const changes = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
  )
  const nothing = fc.constant(undefined)
  return fc
    .tuple(
      members,
      changes,
      fc.oneof({ weight: 7, arbitrary: nothing }, { weight: 2, arbitrary: damage }),
      fc.oneof({ weight: 15, arbitrary: nothing }, { weight: 1, arbitrary: corruption }),
    )
    .map(([valid, all, hurt, corrupt]) => {
      const text = write(all.reduce((m, each) => each(m), valid))
      const bytes = utf8(hurt ? hurt(text) : text)
      return corrupt ? corrupt(bytes) : bytes
    })
}
