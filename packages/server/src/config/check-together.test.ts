import { expect, test } from 'vitest'
import { loadConfig } from '../config.js'

const load = (env: Record<string, string>) =>
  loadConfig(env, () => {
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  })

test.each([
  { ROLE: 'signal', NATS_URL: 'nats://localhost', DATABASE_URL: 'postgres://localhost/db' },
  { NATS_URL: 'nats://localhost', DATABASE_URL: 'postgres://localhost/db' },
  { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' },
  { NUMBERING_PLAN: 'e164', DEFAULT_COUNTRY: 'SE' },
  { SECURITY_PROFILE: 'strict' },
])('numbers of scenarios do not go with what production has: %o', production => {
  expect(() => load({ ...production, SCENARIO_NUMBERS: 'on' })).toThrow(
    `SCENARIO_NUMBERS: is for development and does not go with ${Object.keys(production)[0]}`,
  )
  expect(load({ ...production, SCENARIO_NUMBERS: 'off' }).scenarioNumbers).toBe(false)
})
