import { expect, it } from 'vitest'
import { failover } from './failover.js'
import { describeWith, replicates } from './services.js'

describeWith('a primary with its standby', replicates(), () => {
  it(failover.title, { timeout: 120_000 }, async () => {
    expect(await failover.run('quick')).toEqual(expect.any(String))
  })
})
