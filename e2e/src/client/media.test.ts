import { type Call, type Environment, systemEnvironment } from '@switchboard/client'
import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { connect, type Handset, type HandsetOptions, handsets, next, reaches, soon } from './handset.js'
import { type WeriftMedia, weriftMedia } from './werift-media.js'

const server = running()
const { handset } = handsets(server)

/** For whom waits are a tenth as long. */
const hurried: Environment = {
  ...systemEnvironment,
  setTimer: (run, afterMs) => systemEnvironment.setTimer(run, afterMs / 10),
}

interface Side {
  readonly media: WeriftMedia
  readonly of: Handset
}

async function side(options: HandsetOptions = {}): Promise<Side> {
  const media = weriftMedia()
  return { media, of: await handset(undefined, { ...options, media }) }
}

/** Both hear each other: packets of either side arrive at the other. */
async function bothHear(one: Side, other: Side) {
  const heard = [one.media.flows(), other.media.flows()]
  const sending = setInterval(() => {
    one.media.sendAudio(5)
    other.media.sendAudio(5)
  }, 20)
  await soon('packets on both sides', Promise.all(heard)).finally(() => clearInterval(sending))
}

async function inCall(options: HandsetOptions = {}): Promise<readonly [Side, Side, Call, Call]> {
  const [ada, ben] = [await side(options), await side()]
  const calls = await connect(ada.of, ben.of)
  return [ada, ben, ...calls]
}

describe('media through the SDK', () => {
  it('audio arrives on both sides, and quality is measured', async () => {
    const [ada, ben, outgoing] = await inCall()
    const quality = next(outgoing, 'quality')
    await bothHear(ada, ben)
    expect(await quality).toMatchObject([{ roundTripMs: 1, lossPercent: 0, relayed: false, rating: 'good' }])
  })

  it('hold is agreed with the other side, and taken back', async () => {
    const [ada, ben, outgoing, incoming] = await inCall()
    await bothHear(ada, ben)
    for (const held of [true, false]) {
      const told = next(incoming, 'peerHold')
      outgoing.hold(held)
      expect(await told).toEqual([held])
      expect([outgoing.isHeld, incoming.isHeldByPeer]).toEqual([held, held])
    }
    await bothHear(ada, ben)
    expect([ada.media.opened, ben.media.opened]).toEqual([1, 1])
  })

  it('when it fails and restarts of ICE do not help, a new connection is made', async () => {
    const [ada, ben, outgoing] = await inCall({ environment: hurried })
    const lost = reaches(outgoing, 'reconnecting')
    ada.media.fail()
    await lost
    await reaches(outgoing, 'connected')
    expect([ada.media.restarts, ada.media.opened, ben.media.opened]).toEqual([2, 2, 2])
    await bothHear(ada, ben)
  })

  it('who holds still holds when the other side comes back with a new connection', async () => {
    const [ada, ben, , incoming] = await inCall()
    await bothHear(ada, ben)
    incoming.hold()
    const again = await ada.of.reload()
    const [taken] = again.phone.calls as [Call]
    await reaches(taken, 'connected')
    expect([ben.media.opened, incoming.isHeld, taken.isHeldByPeer]).toEqual([2, true, true])
  })

  it('after a reload both hear each other again, over a new connection', async () => {
    const [ada, ben, , incoming] = await inCall()
    await bothHear(ada, ben)
    const again = { media: ada.media, of: await ada.of.reload() }
    const [taken] = again.of.phone.calls as [Call]
    await reaches(taken, 'connected')
    await bothHear(again, ben)
    expect([again.media.opened, ben.media.opened]).toEqual([2, 2])
    taken.hangUp()
    expect((await soon('the end', incoming.over)).cause).toBe('hung_up')
  })

  it('after a restart of the server it is still there', async () => {
    const [ada, ben, outgoing, incoming] = await inCall()
    const lost = reaches(outgoing, 'reconnecting')
    await server.stop()
    await lost
    await bothHear(ada, ben)
    await server.start()
    await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
    await bothHear(ada, ben)
  })
})
