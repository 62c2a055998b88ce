import { access, constants, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../product.js'

const text = (...path: string[]) => readFile(join(root, ...path), 'utf8')

interface Step {
  readonly uses?: string
  readonly run?: string
}
interface Workflow {
  readonly on: Record<string, unknown>
  readonly permissions: Record<string, string>
  readonly jobs: Record<
    string,
    {
      readonly container: string
      readonly strategy: { readonly matrix: { readonly node: readonly string[] } }
      readonly steps: readonly Step[]
    }
  >
}

describe('the workflow of GitHub', () => {
  const workflow = async () => parse(await text('.github', 'workflows', 'ci.yml')) as Workflow
  const steps = async () => Object.values((await workflow()).jobs).flatMap(job => job.steps)

  it('runs .ci/run and nothing else, on Debian, with the oldest Node and the recommended one', async () => {
    expect((await steps()).flatMap(({ run }) => run ?? [])).toEqual(['.ci/run'])
    await access(join(root, '.ci', 'run'), constants.X_OK)
    const [job] = Object.values((await workflow()).jobs)
    expect(job?.container).toMatch(/^node:\$\{\{ matrix\.node \}\}-bookworm$/)
    const { engines } = JSON.parse(await text('package.json'))
    const [oldest] = /\d+/.exec(engines.node) ?? []
    expect(job?.strategy.matrix.node).toEqual([oldest, '24'])
  })

  it('names actions by their commits, and may read alone', async () => {
    const uses = (await steps()).flatMap(each => each.uses ?? [])
    expect(uses.length).toBeGreaterThan(0)
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    expect((await workflow()).permissions).toEqual({ contents: 'read' })
    expect(Object.keys((await workflow()).on)).toEqual(['push', 'pull_request'])
  })
})

describe('the versions', () => {
  const manifest = async (name: string) => JSON.parse(await text('packages', name, 'package.json'))
  const shipped = ['server', 'web', 'scenarios']

  it('are one for the server and what ships with it, which the repository has too', async () => {
    const { fixed } = JSON.parse(await text('.changeset', 'config.json'))
    const packages = await Promise.all(shipped.map(manifest))
    expect(fixed).toEqual([packages.map(({ name }) => name)])
    const { version } = JSON.parse(await text('package.json'))
    expect(packages.map(each => each.version)).toEqual(shipped.map(() => version))
  })

  it('each have notes for whoever upgrades', async () => {
    const notes = (await text('docs', 'upgrading.md')).split('\n## Notes\n')[1]
    expect(notes).toContain(`### ${(await manifest('server')).version}\n`)
  })
})
