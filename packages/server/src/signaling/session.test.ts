import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { describe, expect, test } from 'vitest'
import type { Payload } from '../exchange/call.js'
import type { Tell } from '../exchange/effects.js'
import { limits } from '../limits.js'
import { Session } from './session.js'
import { type TextFrame, textOf } from './text-frames.js'

const candidate = (text: string, callId = 'call'): Tell => ({
  kind: 'candidate',
  callId: callId as CallId,
  sender: '1' as PhoneNumber,
  receiver: '2' as PhoneNumber,
  candidate: JSON.stringify(text) as Payload,
})

function online() {
  const session = new Session('device' as DeviceId, 'user' as UserId, 'login' as LoginId)
  const sent: Record<string, unknown>[] = []
  const send = (text: string) => void sent.push(JSON.parse(text))
  const socket = {
    send,
    write: (frame: TextFrame) => send(textOf(frame)),
    probe: () => undefined,
    close: () => undefined,
  }
  session.socket = socket
  return { session, sent, socket }
}

describe('a session', () => {
  test('numbers every message, from 1', () => {
    const { session, sent } = online()
    session.tell(candidate('a'))
    session.ack('x"y')
    session.error('no_call', 'there is none', undefined)
    expect(sent.map(frame => frame.SEQ)).toEqual([1, 2, 3])
    expect(sent[1]).toEqual({ REASON: 'ack', ID: 'x"y', SEQ: 2 })
  })

  test('gives again what followed a number, in order', () => {
    const { session } = online()
    for (const text of ['a', 'b', 'c']) session.tell(candidate(text))
    expect(session.since(1)?.map(frame => JSON.parse(textOf(frame)).CANDIDATE)).toEqual(['b', 'c'])
    expect(session.since(3)).toEqual([])
    expect(session.since(4)).toBeUndefined()
  })

  test('keeps 256 messages, and knows when it lost one', () => {
    const { session } = online()
    for (let i = 1; i <= 300; i++) session.tell(candidate(`${i}`))
    expect(session.since(300 - limits.replayMessages)).toHaveLength(256)
    expect(session.since(300 - limits.replayMessages - 1)).toBeUndefined()
  })

  test('keeps a bounded number of bytes', () => {
    const { session } = online()
    for (let i = 0; i < 200; i++) session.tell(candidate('x'.repeat(10_000)))
    expect(session.since(100)).toHaveLength(100)
    expect(session.since(0)).toBeUndefined()
  })

  test('knows what no socket took, call by call', () => {
    const { session } = online()
    session.tell(candidate('seen'))
    session.socket = undefined
    session.tell(candidate('waiting'))
    session.tell(candidate('other', 'another'))
    expect(session.unsent('call')).toMatchObject([{ candidate: '"waiting"' }])
  })

  test('is not told again what waited for another device of its seat and for itself', () => {
    const { session, sent } = online()
    session.tell(candidate('both had'))
    session.inherit(candidate('both had'))
    session.inherit(candidate('the other had'))
    expect(sent.map(frame => frame.CANDIDATE)).toEqual(['both had', 'the other had'])
  })

  test('an ID counts once, until it was refused', () => {
    const { session } = online()
    expect(session.repeats('a')).toBe(false)
    expect(session.repeats('a')).toBe(true)
    session.forgetId('a')
    expect(session.repeats('a')).toBe(false)
  })

  test('remembers a bounded number of IDs, the latest', () => {
    const { session } = online()
    for (let i = 0; i <= limits.rememberedIds; i++) session.repeats(`${i}`)
    expect(session.repeats(`${limits.rememberedIds}`)).toBe(true)
    expect(session.repeats('0')).toBe(false)
  })
})
