import { up, wireLimits } from '@switchboard/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BadFrame, type Frame, readFrame } from './frame.js'

const numRuns = Number(process.env.FUZZ_RUNS ?? 5_000)

const value = fc.oneof(
  fc.json({ maxDepth: 9 }),
  fc.string({ unit: 'binary' }).map(text => JSON.stringify(text)),
  fc.constantFrom(
    '{"toString":null}',
    '{"__proto__":null}',
    '[{"valueOf":0}]',
    '1e999',
    '"\\ud800"',
    '{',
    ']',
    '"',
  ),
)
const name = fc.constantFrom(
  'REASON',
  'ID',
  'TOKEN',
  'SDP',
  'CANDIDATE',
  'RESPONSE',
  'RECEIVER_PHONE_NUMBER',
  '__proto__',
)
const reason = fc.constantFrom(...Object.keys(up)).map((it): [string, string] => ['REASON', `"${it}"`])
const members = fc.array(fc.oneof(reason, fc.tuple(name, value)), { maxLength: 8 })
const written = members.map(all => `{${all.map(([key, text]) => `"${key}":${text}`).join()}}`)
const text = fc.oneof(
  written,
  fc
    .tuple(written, fc.nat({ max: 200 }), fc.string({ unit: 'binary', maxLength: 3 }))
    .map(([whole, at, piece]) => whole.slice(0, at) + piece + whole.slice(at)),
  fc.tuple(written, fc.nat({ max: 200 })).map(([whole, at]) => whole.slice(0, at)),
  fc.string({ unit: 'binary' }),
)

const isBad = (frame: Frame | BadFrame): frame is BadFrame => 'fault' in frame

describe('any text at all', () => {
  test('is a message or a bad frame, and never an exception', () => {
    const holds = (sent: string) => {
      const frame = readFrame(sent)
      if (isBad(frame)) {
        expect(frame.id?.length ?? 1).toBeLessThanOrEqual(wireLimits.idLength)
        return
      }
      const { message, payload } = frame
      expect(up).toHaveProperty(message.REASON)
      if (payload !== undefined) expect(sent).toContain(payload)
      const own = JSON.parse(sent) as Record<string, unknown>
      expect(own.REASON).toBe(message.REASON)
      if (payload !== undefined) {
        expect(JSON.parse(payload)).toEqual(message.REASON === 'ICECandidate' ? own.CANDIDATE : own.SDP)
      }
    }
    fc.assert(fc.property(text, holds), { numRuns })
  })

  test.each(['{"toString":null}', '{"toString":1,"valueOf":1}', '{"__proto__":null}', '[[]]', 'null', '7'])(
    'REASON %s',
    what => {
      expect(readFrame(`{"REASON":${what}}`)).toMatchObject({
        fault: 'invalid_message',
        detail: 'unknown REASON',
      })
    },
  )

  const size = wireLimits.frameBytes
  const evil: [string, string][] = [
    ['quotes', `{${'"'.repeat(size - 1)}`],
    ['backslashes', `{"${'\\'.repeat(size - 2)}`],
    ['escaped quotes', `{"${'\\"'.repeat(size / 2 - 1)}`],
    ['backslashes, then quotes', `{"${`${'\\'.repeat(255)}"`.repeat(size / 256 - 1)}`],
    ['spaces', `{"a":${' '.repeat(size - 5)}`],
    ['spaces before each comma', `{${`"a"${' '.repeat(2_000)},`.repeat(32)}`],
    ['commas', `{${','.repeat(size - 1)}`],
    ['colons', `{"a"${':'.repeat(size - 4)}`],
    ['closing brackets', `{${']'.repeat(size - 1)}`],
    ['lists beside each other', `{"a":[${'[],'.repeat(size / 3 - 3)}`],
    ['a long name', `{"${'n'.repeat(size - 8)}":1}`],
    ['names escaped', `{${Array.from({ length: 31 }, (_, n) => `"${'\\u0041'.repeat(330)}${n}":1`).join()}}`],
    [
      'an SDP that a greedy pattern would choke on',
      `{"REASON":"call","RECEIVER_PHONE_NUMBER":"123","SDP":"${'a=('.repeat(10_000)}"}`,
    ],
    ['a number of many digits', `{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":${'9'.repeat(size - 60)}}`],
  ]
  test.each(evil)('%s, a whole frame of them, takes no time', (_, sent) => {
    const took = Array.from({ length: 5 }, () => {
      const since = performance.now()
      readFrame(sent)
      return performance.now() - since
    })
    // Milliseconds on a slow machine; anything quadratic takes seconds.
    expect(Math.min(...took)).toBeLessThan(25)
  })
})
