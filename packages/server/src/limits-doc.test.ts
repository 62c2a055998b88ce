import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { limits } from './limits.js'
import { loginDelays } from './throttles/logins.js'
import type { Rate } from './throttles/rate.js'

const text = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8')
const { failedLogins, controlMessages, candidates, sockets, ...rates } = limits.rates

function duration(ms: number): string {
  if (ms >= 24 * 3_600_000) return `${ms / 3_600_000} h`
  return ms > 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`
}

const allowance = ({ bucket, windows = [] }: Rate): string =>
  [
    ...(bucket ? [`${bucket.burst}, then 1 per ${duration(bucket.every)}`] : []),
    ...windows.map(({ most, within }) => `${most} per ${duration(within)}`),
  ].join('; ')

function waits(): string {
  const seconds = loginDelays(failedLogins).flatMap(ms => (ms > 0 ? [ms / 1_000] : []))
  return `${failedLogins.free}, then waits of ${seconds.join(', ')} s; ${failedLogins.inARow} in a row`
}

test('docs/limits.md says of every limit what it lets through', () => {
  const rows = text
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').map(cell => cell.trim()))
  const written = Object.fromEntries(rows.map(([, name = '', , , lets]) => [name.replaceAll('`', ''), lets]))
  expect(written).toEqual({
    ...Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, allowance(rate)])),
    failedLogins: waits(),
    controlMessages: allowance({ bucket: controlMessages }),
    candidates: allowance({ bucket: candidates }),
    sockets: `${sockets.perAddress}, of which ${sockets.unauthenticatedPerAddress} without \`connect\``,
  })
})

test('docs/limits.md names the bounds beside them', () => {
  const { contactsPerUser, blocksPerUser, hashingQueue, candidatesPerSide } = limits
  for (const bound of [
    `${contactsPerUser.toLocaleString('en')} contacts`,
    `${blocksPerUser.toLocaleString('en')} blocked numbers`,
    `${hashingQueue} waiting`,
    `beside it ${candidatesPerSide} a call and side`,
  ])
    expect(text).toContain(bound)
})
