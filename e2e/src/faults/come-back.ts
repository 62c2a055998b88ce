import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'

/** As a client should: tries again when it was told to come back, or when nobody opened. */
export async function comeBack(device: Device, how: 'resume' | 'reconnect'): Promise<void> {
  for (;;) {
    try {
      await device[how]()
      return
    } catch (error) {
      if (!/timed out|closed \(1012/.test((error as Error).message)) throw error
      await sleep(100)
    }
  }
}
