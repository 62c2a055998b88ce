import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { root } from './production-tree.mjs'

/** npm's own bill of everything installed. With `--omit=dev` it would leave out what tests use as well as the product. */
function billOfAll() {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const shell = process.platform === 'win32'
  const options = {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'ignore'],
    shell,
  }
  return JSON.parse(execFileSync(npm, ['sbom', '--sbom-format', 'cyclonedx'], options))
}

const manifestOf = folder => JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
const refOf = ({ name, version }) => `${name}@${version}`

/** The bill of what the product runs with: from the server along all that is not for development. */
function productBill() {
  const bill = billOfAll()
  const ours = new Map(
    ['server', 'protocol', 'client', 'web', 'scenarios']
      .map(manifestOf)
      .map(manifest => [refOf(manifest), manifest]),
  )
  const needs = ({ ref, dependsOn }) => {
    const manifest = ours.get(ref)
    if (!manifest) return dependsOn
    const { dependencies = {}, optionalDependencies = {} } = manifest
    return dependsOn.filter(
      to => to.slice(0, to.lastIndexOf('@')) in { ...dependencies, ...optionalDependencies },
    )
  }
  const edges = new Map(bill.dependencies.map(entry => [entry.ref, needs(entry)]))
  const product = refOf(manifestOf('server'))
  const reached = new Set([product])
  for (const ref of reached) for (const next of edges.get(ref) ?? []) reached.add(next)

  // npm calls a workspace by its folder.
  const components = bill.components
    .filter(each => reached.has(each['bom-ref']))
    .map(each => ({ ...each, name: ours.get(each['bom-ref'])?.name ?? each.name }))
  const component = components.find(each => each['bom-ref'] === product)
  return {
    ...bill,
    metadata: { ...bill.metadata, component },
    components: components.filter(each => each !== component),
    dependencies: [...reached].map(ref => ({ ref, dependsOn: edges.get(ref) ?? [] })),
  }
}

process.stdout.write(`${JSON.stringify(productBill(), undefined, 2)}\n`)
