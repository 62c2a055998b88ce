import { type Device, openDevice } from './device.js'
import { dialects } from './dialects.js'
import type { Work } from './orders.js'
import type { OpenStage } from './stage.js'

type IdleWork = Extract<Work, { kind: 'idle' }>
const atOnce = 32

/** Opens all connections, a few at a time, and keeps them. */
export const openIdle: OpenStage<IdleWork> = async ({ target }, fail) => {
  const { accounts, ports } = target
  const devices: Device[] = []
  let next = 0
  const lane = async () => {
    for (let account = accounts[next++]; account; account = accounts[next++]) {
      const at = { dialect: dialects[target.dialect], port: ports[0] ?? 0, account, peer: account.number }
      devices.push(await openDevice(at, fail))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return {
    run: async () => ({ operations: devices.length, latencies: {} }),
    close() {
      for (const { client } of devices) client.destroy()
    },
  }
}
