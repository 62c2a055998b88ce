import { describe, expect, test } from 'vitest'
import { inCall, options, world } from './world.testing.js'

const { resumeWindowMs: window } = options

test('a device that comes back has its seat and is told what came meanwhile', () => {
  const { online, advance, ended } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  bob.losesSocket()
  alice.sends('1', 'bob')
  advance(window - 1)
  bob.resumes()
  advance(window)
  expect(bob.heard()).toEqual(['candidate 1 from alice'])
  expect(bob.sends('2', 'alice')).toBe('done')
  expect(alice.heard()).toEqual(['candidate 2 from bob'])
  expect(ended()).toEqual([])
})

test('a caller that comes back has its ringing call', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  alice.losesSocket()
  bob.accepts('alice')
  alice.resumes()
  expect(alice.heard()).toEqual(['ringing at bob', 'accept from bob'])
  expect(alice.sends('1', 'bob')).toBe('done')
})

test('a candidate given before the socket was lost still follows the answer after it is back', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  bob.sends('1', 'alice')
  bob.losesSocket()
  bob.resumes()
  bob.accepts('alice')
  expect(alice.heard()).toEqual(['ringing at bob', 'accept from bob', 'candidate 1 from bob'])
})

test('a session that is unknown is nothing to resume', () => {
  const { stranger, exchange } = world()
  stranger('bob').resumes()
  stranger('bob').losesSocket()
  stranger('bob').logsOut()
  expect(exchange.counts()).toEqual({ calls: 0, devices: 0, members: 0, deadlines: 0 })
})

describe('a fresh device of the login of one that is away', () => {
  test.each(['caller', 'callee'])('takes its seat as the %s', role => {
    const { connect, effects } = world()
    const [alice, bob] = [connect('alice'), connect('bob')]
    inCall(alice, bob)
    const [lost, other] = role === 'caller' ? [alice, bob] : [bob, alice]
    lost.losesSocket()
    const fresh = connect(lost.name)
    expect(effects).toContainEqual({ kind: 'inherit', callId: 'call-1', from: lost.id, to: fresh.id })
    expect(fresh.sends('1', other.name)).toBe('done')
    expect(other.heard()).toEqual([`candidate 1 from ${lost.name}`])
    other.sends('2', lost.name)
    expect(fresh.heard()).toEqual([`candidate 2 from ${other.name}`])
  })

  test('keeps it when the window of the other one ends', () => {
    const { connect, advance, ended, forgotten } = world()
    const [alice, bob] = [connect('alice'), connect('bob')]
    inCall(alice, bob)
    bob.losesSocket()
    const fresh = connect('bob')
    advance(window)
    expect(forgotten()).toEqual([bob.id])
    expect(ended()).toEqual([])
    expect(fresh.hangsUp('alice')).toBe('done')
  })

  test('gives it back when that one resumes', () => {
    const { connect, ended } = world()
    const [alice, bob] = [connect('alice'), connect('bob')]
    inCall(alice, bob)
    bob.losesSocket()
    const fresh = connect('bob')
    bob.resumes()
    expect(fresh.hangsUp('alice')).toBe('no_call')
    alice.sends('1', 'bob')
    expect(bob.heard()).toEqual(['candidate 1 from alice'])
    expect(fresh.heard()).toEqual([])
    expect(bob.hangsUp('alice')).toBe('done')
    expect(ended()).toEqual(['call-1 hung_up'])
  })

  test('does not give it back when it has a call of its own by then', () => {
    const { connect, online } = world()
    const [alice, bob, [carol]] = [connect('alice'), connect('bob'), online('carol')]
    inCall(alice, bob)
    bob.losesSocket()
    const fresh = connect('bob')
    fresh.hangsUp('alice')
    inCall(fresh, carol)
    bob.resumes()
    expect(bob.sends('1', 'carol')).toBe('no_call')
    expect(fresh.sends('1', 'carol')).toBe('done')
  })

  test('loses it in turn to the next, and has it again when it comes back', () => {
    const { connect } = world()
    const [alice, first] = [connect('alice'), connect('bob')]
    inCall(alice, first)
    first.losesSocket()
    const second = connect('bob')
    second.losesSocket()
    const third = connect('bob')
    expect(third.sends('1', 'alice')).toBe('done')
    first.resumes() // the seat is not with the one that took it from here
    expect(third.sends('2', 'alice')).toBe('done')
    second.resumes()
    expect(third.sends('3', 'alice')).toBe('no_call')
    expect(second.sends('3', 'alice')).toBe('done')
  })

  test('takes a ringing caller’s seat with what was told meanwhile', () => {
    const { connect } = world()
    const [alice, bob] = [connect('alice'), connect('bob')]
    alice.calls('bob')
    alice.heard()
    alice.losesSocket()
    bob.accepts('alice')
    const fresh = connect('alice')
    expect(fresh.heard()).toEqual(['accept from bob'])
  })

  test('is rung, and speaks for the candidates that were held for the other one', () => {
    const { connect } = world()
    const [alice, bob] = [connect('alice'), connect('bob')]
    alice.calls('bob')
    bob.sends('1', 'alice')
    bob.losesSocket()
    const fresh = connect('bob')
    expect(fresh.heard()).toEqual(['call from alice'])
    fresh.sends('2', 'alice')
    fresh.accepts('alice')
    expect(alice.heard()).toEqual([
      'ringing at bob',
      'accept from bob',
      'candidate 1 from bob',
      'candidate 2 from bob',
    ])
  })
})

test('a fresh device of another login takes nothing', () => {
  const { connect, advance, ended } = world()
  const [alice, bob] = [connect('alice'), connect('bob')]
  inCall(alice, bob)
  bob.losesSocket()
  const other = connect('bob:laptop', { login: 'another' })
  expect(other.sends('1', 'alice')).toBe('no_call')
  advance(window)
  expect(ended()).toEqual(['call-1 connection_lost'])
})

test('a fresh device takes nothing from one that is connected', () => {
  const { connect } = world()
  const [alice, bob] = [connect('alice'), connect('bob')]
  inCall(alice, bob)
  expect(connect('bob').sends('1', 'alice')).toBe('no_call')
  expect(bob.sends('1', 'alice')).toBe('done')
})

describe('a device that replaces its former session', () => {
  test.each(['away', 'connected'])('takes seat and place of one that is %s', how => {
    const { online, connect, forgotten } = world()
    const [alice, bob] = online('alice', 'bob')
    inCall(alice, bob)
    if (how === 'away') bob.losesSocket()
    const again = connect('bob', { replaces: bob, login: 'another' })
    expect(forgotten()).toEqual([bob.id])
    expect(again.sends('1', 'alice')).toBe('done')
    expect(bob.sends('2', 'alice')).toBe('no_call')
  })

  test('is rung in its place, with what it had given', () => {
    const { online, connect } = world()
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    bob.sends('1', 'alice')
    const again = connect('bob', { replaces: bob })
    expect(again.heard()).toEqual(['call from alice'])
    again.accepts('alice')
    expect(alice.heard()).toEqual(['ringing at bob', 'accept from bob', 'candidate 1 from bob'])
    expect(bob.heard()).toEqual(['call from alice'])
  })

  test('takes its seat before any other that waits', () => {
    const { connect, online, advance, exchange, ended } = world()
    const [first, second] = [connect('bob'), connect('bob')]
    const [ann, ben] = online('ann', 'ben')
    inCall(first, ann)
    inCall(second, ben)
    first.losesSocket()
    second.losesSocket()
    const again = connect('bob', { replaces: second })
    expect(again.sends('1', 'ben')).toBe('done')
    expect(again.sends('1', 'ann')).toBe('no_call')
    advance(window)
    expect(ended()).toEqual(['call-1 connection_lost'])
    again.hangsUp('ben')
    expect(exchange.counts().calls).toBe(0)
  })

  test('takes nothing of somebody else', () => {
    const { online, connect, forgotten } = world()
    const [alice, bob, mallory] = online('alice', 'bob', 'mallory')
    inCall(alice, bob)
    bob.losesSocket()
    const thief = connect('mallory:other', { replaces: bob })
    expect(thief.sends('1', 'alice')).toBe('no_call')
    expect(forgotten()).toEqual([])
    expect(mallory.hangsUp('alice')).toBe('no_call')
  })
})
