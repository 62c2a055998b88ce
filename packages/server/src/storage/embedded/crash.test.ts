import { expect, test } from 'vitest'
import { dataDirectory, killPostgres, Server } from './testing-server.js'

/** The row that a line acknowledges; the last line of a killed process may be cut short. */
const row = (line: string | undefined) => Number(/^wrote (\d+)$/.exec(line ?? '')?.[1] ?? 0)
const rowsFound = (line: string | undefined) => Number(/^found (\d+) missing 0$/.exec(line ?? '')?.[1])

test('twenty kills, of the server alone or of PostgreSQL too, lose no acknowledged row', {
  timeout: 180_000,
}, async () => {
  const dataDir = await dataDirectory()
  let acknowledged = 0
  let following = new Server(dataDir, 'write')
  for (let round = 1; round <= 20; round++) {
    const server = following
    following = new Server(dataDir, round < 20 ? 'write' : 'stay')
    expect(rowsFound(await server.open())).toBeGreaterThanOrEqual(acknowledged)
    for (let rows = (round * 7) % 23; rows >= 0; rows--) acknowledged = row(await server.next())
    if (round % 2 === 0) await killPostgres(dataDir)
    await server.kill()
    for (let line = await server.next(); line; line = await server.next()) {
      acknowledged = Math.max(acknowledged, row(line))
    }
  }
  expect(acknowledged).toBeGreaterThan(200)

  expect(rowsFound(await following.open())).toBeGreaterThanOrEqual(acknowledged)
  await following.close()
})
