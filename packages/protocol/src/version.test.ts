import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as protocol from './index.js'

test('a change of the wire bumps the version', () => {
  const { up, down, PROTOCOL_VERSION } = protocol
  const rest = Object.entries(protocol).filter(([name]) => /(Body|View)$/.test(name))
  const wire = JSON.stringify([up, down, rest.sort()])
  const fingerprint = createHash('sha256').update(wire).digest('hex').slice(0, 12)
  expect([PROTOCOL_VERSION, fingerprint]).toEqual([1, '1b147e5daa86'])
})
