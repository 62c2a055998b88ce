import { createServer } from 'node:http'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpWorld, listening } from '../http/testing.js'
import { startAdmin } from './admin.js'

const other = createServer()
let taken: number
beforeAll(async () => {
  taken = await listening(other)
})
afterAll(() => void other.close())

function startOn(adminPort: number, adminPortIsSet: boolean, adminHost = '127.0.0.1') {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: line => void lines.push(line) })
  const config = { adminHost, adminPort, adminPortIsSet }
  return { lines, started: startAdmin({ ...httpWorld(), config, families: () => [], log }) }
}

test('a port that was asked for and is taken stops the start, with one line', async () => {
  await expect(startOn(taken, true).started).rejects.toThrow(
    `ADMIN_PORT: port ${taken} is taken by another program`,
  )
  await expect(startOn(0, true, '192.0.2.1').started).rejects.toThrow(
    'ADMIN_PORT: ADMIN_HOST is not an address of this machine',
  )
})

test('a default port that is taken, by Prometheus for one, costs the metrics and nothing else', async () => {
  const { lines, started } = startOn(taken, false)
  expect((await started).address).toBeUndefined()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(`ADMIN_PORT: port ${taken} is taken by another program; there are no metrics`)
})

test('it says where it listens, and is gone once it is stopped', async () => {
  const { address, stop } = await startOn(0, true).started
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await fetch(`${address}/metrics`)).status).toBe(200)
  stop()
  await expect(fetch(`${address}/metrics`)).rejects.toThrow()
})
