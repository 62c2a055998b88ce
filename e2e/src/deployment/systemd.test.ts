import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../product.js'
import { fileAt, knownVariables, run } from './read.js'

describe.each(['switchboard.service', 'switchboard@.service'])('%s', name => {
  const path = `deploy/systemd/${name}`

  it('sandboxes the server as far as V8 lets it', async () => {
    const { stdout } = await run('systemd-analyze', [
      'security',
      '--offline=true',
      '--threshold=15',
      join(root, path),
    ])
    const [, exposure] = /Overall exposure level for \S+: (\S+)/.exec(stdout) ?? []
    expect(Number(exposure)).toBeLessThanOrEqual(1.5)
  })

  it('sets variables that the product knows, from credentials that it loads', async () => {
    const text = await fileAt(path)
    const known = await knownVariables()
    const assigned = [...text.matchAll(/^#?Environment=(.*)$/gm)].flatMap(([, line]) => `${line}`.split(' '))
    expect(assigned.length).toBeGreaterThan(3)
    for (const assignment of assigned) {
      const [variable = '', value = ''] = assignment.split('=')
      if (variable !== 'NODE_ENV') expect(known, variable).toContain(variable)
      const [, credential] = /^%d\/(\w+)$/.exec(value) ?? []
      if (credential) expect(text).toContain(`LoadCredential=${credential}:/etc/switchboard/secrets/`)
    }
  })

  it('waits longer for the end than the server takes', async () => {
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(await fileAt(path)) ?? []
    expect(Number(seconds)).toBeGreaterThan(30)
  })
})
