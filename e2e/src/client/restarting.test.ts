import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { connect, handsets, reaches, soon } from './handset.js'

describe.each(['SIGTERM', 'SIGKILL'] as const)('a server that restarts by %s', signal => {
  const server = running()
  const { handset } = handsets(server)
  const restart = async () => {
    if (signal === 'SIGKILL') await server.kill()
    else await server.stop()
    await server.start()
  }

  it('mid-call: both come back and the call goes on', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const [outgoing, incoming] = await connect(ada, ben)
    await restart()
    await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
    await soon(
      'both online',
      until(() => ada.phone.isOnline && ben.phone.isOnline, ada, ben),
    )
    expect([ada.phone.calls, ben.phone.calls]).toEqual([[outgoing], [incoming]])
    outgoing.hangUp()
    expect((await soon('the end', incoming.over)).cause).toBe('hung_up')
    await connect(ada, ben)
  })

  it('mid-ring: the call is there once, and is answered', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const outgoing = await ada.phone.call(ben.number)
    const incoming = await ben.incoming()
    await reaches(outgoing, 'ringing')
    await restart()
    await soon(
      'both online',
      until(() => ada.phone.isOnline && ben.phone.isOnline, ada, ben),
    )
    await incoming.accept()
    await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
    expect(ben.phone.calls).toEqual([incoming])
  })
})

/** Looks again whenever a phone comes online. */
const until = (
  holds: () => boolean,
  ...phones: { phone: { on(name: 'online', listener: () => void): unknown } }[]
) =>
  new Promise<void>(resolve => {
    const look = () => holds() && resolve()
    for (const { phone } of phones) phone.on('online', look)
    look()
  })
