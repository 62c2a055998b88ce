import { describe, expect, it } from 'vitest'
import { establish, expectHangUp } from '../expectations.js'
import { running } from '../running.js'

describe('a device that reads too slowly', () => {
  const server = running()

  it('is cut, the others go on, and it can come back', { timeout: 60_000 }, async () => {
    const [sender, slow] = [await server.device(), await server.device()]
    const callId = await establish(sender, slow)
    slow.wire.socket.pause()
    const sdp = 'x'.repeat(30 * 1024)
    // More than the kernel's buffers of both ends hold, so that the server is left with over a MiB unsent.
    for (let n = 0; n < 40; n++) {
      for (let m = 0; m < 20; m++) sender.call(slow.number, sdp)
      await sender.fence()
    }
    const [ada, ben] = [await server.device(), await server.device()]
    await establish(ada, ben)
    slow.wire.socket.resume()
    expect([4408, 1006]).toContain((await slow.closed).code)
    const hello = await slow.resume()
    expect(hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'established' }])
    sender.hangUp(slow.number)
    await slow.until('the end', frame => frame.REASON === 'HangUp')
    ada.hangUp(ben.number)
    await expectHangUp(ben, 'hung_up')
  })
})
