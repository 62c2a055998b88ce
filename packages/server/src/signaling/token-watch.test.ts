import type { CloseEvent, DeviceId, LoginId, UserId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import { virtualTime } from '../cluster/simulation/time.testing.js'
import { limits } from '../limits.js'
import { Session } from './session.js'
import { watchTokens } from './token-watch.js'

const login = 'login' as LoginId

/** A session whose socket came by a token that is good for so long. */
function connected(goodForMs: number | undefined, now: number) {
  const session = new Session('device' as DeviceId, 'user' as UserId, login)
  const closed: number[] = []
  session.socket = {
    send: () => undefined,
    write: () => undefined,
    probe: () => undefined,
    close: ({ code }: CloseEvent) => void closed.push(code),
  }
  const renew = (expiresAt: Date | undefined) =>
    session.comeBy({ loginId: login, ...(expiresAt && { expiresAt }) })
  renew(goodForMs === undefined ? undefined : new Date(now + goodForMs))
  return { session, closed, renew }
}

function watched() {
  const time = virtualTime()
  const sessions: Session[] = []
  const stop = watchTokens({
    sessions: () => sessions,
    clock: { wall: time.now },
    timers: { after: time.after },
  })
  return { time, sessions, stop }
}

test('a socket whose token was not renewed closes with 4401, within the minute after it ended', async () => {
  const { time, sessions, stop } = watched()
  const { session, closed } = connected(100_000, time.now())
  sessions.push(session)
  await time.pass(100_000 + limits.socketTokenGraceMs)
  expect(closed).toEqual([])
  await time.pass(60_000 - limits.socketTokenGraceMs)
  expect(new Set(closed)).toEqual(new Set([4401]))
  stop()
})

test('one that was renewed stays open, and so does one that came by no time', async () => {
  const { time, sessions, stop } = watched()
  const [renewed, timeless] = [connected(100_000, time.now()), connected(undefined, time.now())]
  sessions.push(renewed.session, timeless.session)
  await time.pass(90_000)
  renewed.renew(new Date(time.now() + 100_000))
  await time.pass(100_000)
  expect([...renewed.closed, ...timeless.closed]).toEqual([])
  stop()
})

test('nothing is looked at any more once the watch has ended', async () => {
  const { time, sessions, stop } = watched()
  const { session, closed } = connected(1_000, time.now())
  sessions.push(session)
  stop()
  await time.pass(200_000)
  expect(closed).toEqual([])
})
