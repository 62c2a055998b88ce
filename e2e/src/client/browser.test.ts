import { afterAll, describe, expect, it } from 'vitest'
import type { Account } from '../people.js'
import { running } from '../running.js'
import { type Browser, openBrowser, type Page } from './browser.js'

let browser: Browser
const server = running({
  env: async () => {
    browser = await openBrowser()
    return { ALLOWED_ORIGINS: browser.origin }
  },
})
afterAll(() => browser.close())

/** What every page of these tests has. */
const helpers = `
  globalThis.within = (what, promise) => Promise.race([promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error('awaited ' + what)), 15000))])
  globalThis.reaches = (call, phase) => within(phase + ', is ' + call.phase, new Promise(resolve => {
    const look = () => call.phase === phase && resolve()
    for (const name of ['ringing', 'connected', 'reconnecting', 'reconnected', 'ended']) call.on(name, look)
    look()
  }))
  globalThis.connections = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) { super(...options); connections.push(this) }
  }
  globalThis.decoded = async () => {
    let count = 0
    for (const stat of (await connections.at(-1).getStats()).values())
      if (stat.type === 'inbound-rtp' && stat.kind === 'video') count += stat.framesDecoded ?? 0
    return count
  }
  // Frames that are decoded from now on: resolves when there are some.
  globalThis.frames = async () => {
    const before = await decoded()
    const deadline = performance.now() + 15000
    while (await decoded() < before + 5)
      if (performance.now() > deadline) throw new Error('no frames after ' + before + ', ' + connections.at(-1).connectionState)
    return await decoded() - before
  }
  // The policy decides, the test does not wait as long.
  globalThis.reconnect = (lost, random) => {
    const decision = sdk.reconnectPolicy(lost, random)
    return 'stop' in decision ? decision : { retryInMs: Math.min(decision.retryInMs, 200) }
  }
  globalThis.warnings = []
  globalThis.watch = call => {
    globalThis.call = call
    call.on('warning', error => warnings.push(String(error)))
    return call
  }
`

async function phoneIn(page: Page, { email, password }: Account): Promise<void> {
  const options = JSON.stringify({ url: server.api, email, password })
  await page.run(`${helpers}
    globalThis.phone = await sdk.Switchboard.login({ ...${options}, reconnect })
    phone.on('incoming', async incoming => { watch(incoming); await incoming.accept({ video: true }) })`)
}

async function inCall(): Promise<readonly [Page, Page]> {
  const [ada, ben] = [await server.join(), await server.join()]
  const [one, other] = [await browser.page(), await browser.page()]
  await phoneIn(one, ada)
  await phoneIn(other, ben)
  await one.run(
    `watch(await phone.call('${ben.phone_number}', { video: true })); await reaches(call, 'connected')`,
  )
  await other.run(`await reaches(call, 'connected')`)
  return [one, other]
}

const bothSee = async (pages: readonly Page[]) => {
  for (const page of pages) expect(await page.run<number>('return frames()')).toBeGreaterThan(0)
}

describe('the SDK in a browser', () => {
  it('video is decoded on both sides, muted, held, taken back, and measured', async () => {
    const [ada, ben] = await inCall()
    await bothSee([ada, ben])
    expect(
      await ada.run(`return within('quality', new Promise(resolve => call.once('quality', resolve)))`),
    ).toMatchObject({ lossPercent: 0, relayed: false, rating: 'good', roundTripMs: expect.any(Number) })
    await ada.run(`call.mute(); call.mute(true, 'video')`)
    expect(
      await ada.run(`return [call.isMuted(), call.localStream.getTracks().map(track => track.enabled)]`),
    ).toEqual([true, [false, false]])
    await ada.run(`call.mute(false); call.mute(false, 'video')`)
    for (const held of [true, false]) {
      await ben.run(`globalThis.told = new Promise(resolve => call.once('peerHold', resolve))`)
      await ada.run(`call.hold(${held})`)
      expect(await ben.run(`return within('hold', told)`)).toBe(held)
    }
    await bothSee([ada, ben])
    expect([await ada.run('return warnings'), await ben.run('return warnings')]).toEqual([[], []])
  })

  it('both hold at once, and agree', async () => {
    const [ada, ben] = await inCall()
    await Promise.all([ada.run('call.hold()'), ben.run('call.hold()')])
    for (const page of [ada, ben])
      await page.run(
        `call.isHeldByPeer || await within('hold', new Promise(resolve => call.once('peerHold', resolve)))`,
      )
    await Promise.all([ada.run('call.hold(false)'), ben.run('call.hold(false)')])
    await bothSee([ada, ben])
    expect([await ada.run('return warnings'), await ben.run('return warnings')]).toEqual([[], []])
  })

  it('on another network ICE is restarted, and the picture stays', async () => {
    const [ada, ben] = await inCall()
    await ada.run(`dispatchEvent(new Event('online'))`)
    await bothSee([ada, ben])
    expect(await ada.run('return [warnings, call.phase]')).toEqual([[], 'connected'])
  })

  it('another device is taken, and tones are sent', async () => {
    const [ada, ben] = await inCall()
    await ada.run(`const all = await navigator.mediaDevices.enumerateDevices()
      for (const kind of ['video', 'audio'])
        await call.switchDevice(kind, all.filter(device => device.kind === kind + 'input').at(-1).deviceId)
      call.sendDigits('12#')`)
    await bothSee([ada, ben])
    expect(
      await ada.run(`return call.switchDevice('video', 'none').catch(({ name, code }) => [name, code])`),
    ).toEqual(['MediaError', 'device_missing'])
  })

  it('a page that is loaded again goes on with its call: both see each other', async () => {
    const [ada, ben] = await inCall()
    await bothSee([ada, ben])
    await ben.run(`call.mute()`)
    await ada.reload()
    await ada.run(`${helpers}
      globalThis.phone = await sdk.Switchboard.restore({ url: '${server.api}', reconnect })
      watch(phone.calls[0])
      await reaches(call, 'connected')`)
    await bothSee([ada, ben])
    expect(await ben.run(`return [call.isMuted(), call.localStream.getAudioTracks()[0].enabled]`)).toEqual([
      true,
      false,
    ])
    await ada.run('call.hangUp()')
    expect(await ben.run(`return (await within('the end', call.over)).cause`)).toBe('hung_up')
  })

  it('a restart of the server is not seen', async () => {
    const [ada, ben] = await inCall()
    await server.kill()
    await bothSee([ada, ben])
    await server.start()
    for (const page of [ada, ben]) await page.run(`await reaches(call, 'connected')`)
    await bothSee([ada, ben])
    await ben.run('call.hangUp()')
    expect(await ada.run(`return (await within('the end', call.over)).cause`)).toBe('hung_up')
  })
})
