import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const flags = [
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-dev-shm-usage',
]

/** Debian's, or whichever is first on the path. */
function program(): string {
  const found = (process.env.PATH ?? '').split(delimiter).map(each => join(each, 'chromium'))
  const path = found.find(existsSync)
  if (path === undefined) throw new Error('chromium is not installed: apt install chromium')
  return path
}

/** A Chromium with a camera and a microphone that are none. */
export const launch = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: program(), args: [...flags, ...more], chromiumSandbox: false })
