import { describe, expect, test } from 'vitest'
import { type BadFrame, type Frame, readFrame } from './frame.js'

const call = { REASON: 'call', RECEIVER_PHONE_NUMBER: '1212121212', SDP: 'v=0' }
const read = (value: unknown) => readFrame(JSON.stringify(value))
const fault = (frame: Frame | BadFrame) => ('fault' in frame ? frame.fault : 'none')

describe('readFrame', () => {
  test('gives the payload in the bytes the client wrote', () => {
    const spellings = ['"v=0\\u0041"', '{ "type" : "offer", "n": 1e2 }', '"\\ud800"', '"\\u0000"']
    for (const sdp of spellings) {
      const frame = readFrame(`{"SDP": ${sdp} ,"REASON":"call","RECEIVER_PHONE_NUMBER":"1"}`) as Frame
      expect(frame.payload).toBe(sdp)
    }
    const end = readFrame('{"REASON":"ICECandidate","RECEIVER_PHONE_NUMBER":"1","CANDIDATE":null}') as Frame
    expect(end.payload).toBe('null')
  })

  test('refuses what is no message, and says by which ID', () => {
    const bad: unknown[] = [
      { ...call, SDP: 7 },
      { ...call, SDP: ['v=0'] },
      { ...call, SDP: null },
      { ...call, RECEIVER_PHONE_NUMBER: 1212121212 },
      { REASON: 'call', SDP: 'v=0' },
      { REASON: 'callResponse', RESPONSE: 'maybe', RECEIVER_PHONE_NUMBER: '1' },
      { REASON: 'dance' },
      { REASON: ['call'] },
      { REASON: 'toString' },
      {},
    ]
    for (const value of bad) {
      const frame = read({ ...(value as object), ID: 'a' }) as BadFrame
      expect([frame.fault, frame.id]).toEqual(['invalid_message', 'a'])
    }
    for (const text of [
      '',
      '[]',
      'null',
      '"call"',
      '{"REASON":"call"',
      '{"REASON":"call",}',
      '{}{}',
      '\u0000',
    ]) {
      expect(fault(readFrame(text))).toBe('invalid_message')
    }
  })

  test('an ID is a string of 1 to 64 characters', () => {
    expect(fault(read({ ...call, ID: 'x'.repeat(64) }))).toBe('none')
    for (const ID of ['', 'x'.repeat(65), 7, null, {}]) {
      expect(read({ ...call, ID })).toMatchObject({ fault: 'invalid_message', id: undefined })
    }
  })

  test('counts an SDP and a candidate in UTF-8, to the byte', () => {
    expect(fault(read({ ...call, SDP: 'x'.repeat(32 * 1024) }))).toBe('none')
    expect(fault(read({ ...call, SDP: 'x'.repeat(32 * 1024 + 1) }))).toBe('too_large')
    expect(fault(read({ ...call, SDP: 'å'.repeat(16 * 1024) }))).toBe('none')
    expect(fault(read({ ...call, SDP: 'å'.repeat(16 * 1024 + 1) }))).toBe('too_large')
    const candidate = { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: '1' }
    expect(fault(read({ ...candidate, CANDIDATE: 'x'.repeat(2048) }))).toBe('none')
    expect(fault(read({ ...candidate, CANDIDATE: { candidate: 'x'.repeat(2048) } }))).toBe('too_large')
  })

  test('members that the protocol does not know are ignored, __proto__ included', () => {
    const frame = readFrame('{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"1","__proto__":{"x":1},"MORE":[]}')
    expect(fault(frame)).toBe('none')
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})
