// Holds what users of the published packages get: node .packages/check.mjs. The SDK as npm would pack it is clean for publint
// and for TypeScript in every way of resolving modules that can load it, and its code is small. The conformance kit is clean
// for publint, brings what it reads and no more, and needs nothing of the workspace.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = join(import.meta.dirname, '..')
const client = join(root, 'packages', 'client')
const kit = join(root, 'packages', 'conformance')
/** Gzipped, whole, without what a bundler shakes off. A page loads it before it can ring. */
const mostBytes = 15_000
/** CommonJS cannot load a package of ES modules alone, and TypeScript before 4.7 knows no `exports`. */
const tolerated = new Set(['CJSResolvesToESM', 'NoResolution'])
const old = new Set(['node10', 'node16-cjs'])

const faults = []

for (const pkgDir of [client, kit]) {
  const { pkg, messages } = await publint({ pkgDir, strict: true, pack: 'npm' })
  for (const message of messages)
    faults.push(`publint, ${pkg.name}: ${formatMessage(message, pkg, { color: false })}`)
}

const packed = mkdtempSync(join(tmpdir(), 'switchboard-pack-'))
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
/** What npm would publish. */
function pack(directory) {
  const args = [...npm.slice(1), 'pack', '--json', '--pack-destination', packed]
  return JSON.parse(execFileSync(npm[0], args, { cwd: directory, encoding: 'utf8', stdio: 'pipe' }))[0]
}

try {
  const { files, bundled } = pack(kit)
  const paths = files.map(({ path }) => path)
  for (const one of ['dist/main.js', 'README.md', 'schemas/server/hang-up.json', 'dialogues/accepted.jsonl'])
    if (!paths.includes(one)) faults.push(`kit: ${one} is not packed`)
  for (const path of paths)
    if (/^src\/|\.test\.|\/making\/|tsbuildinfo/.test(path)) faults.push(`kit: ${path} is packed`)
  const { dependencies } = JSON.parse(readFileSync(join(kit, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), ...bundled])
    if (!['typebox', 'ws'].includes(name)) faults.push(`kit: needs ${name}`)

  const { filename } = pack(client)
  const { types, problems } = await checkPackage(
    createPackageFromTarballData(readFileSync(join(packed, filename))),
  )
  if (!types) faults.push('attw: the package has no types')
  for (const problem of problems ?? []) {
    if (tolerated.has(problem.kind) && old.has(problem.resolutionKind)) continue
    faults.push(
      `attw: ${problem.kind} at ${problem.entrypoint ?? problem.fileName ?? ''} (${problem.resolutionKind ?? ''})`,
    )
  }
} finally {
  rmSync(packed, { recursive: true, force: true })
}

const { outputFiles } = await build({
  entryPoints: [join(client, 'dist', 'index.js')],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  write: false,
})
const [{ text, contents }] = outputFiles
const bytes = gzipSync(contents, { level: 9 }).length
if (bytes > mostBytes) faults.push(`size: ${bytes} bytes gzipped, ${mostBytes} at most`)
if (bytes < 1_000) faults.push(`size: ${bytes} bytes: the check itself is broken`)
if (/typebox/i.test(text))
  faults.push('size: the schemas of the protocol are in the bundle; import their types only')

for (const fault of faults) process.stderr.write(`✗ ${fault}\n`)
process.stdout.write(
  `packages: client ${bytes} bytes gzipped of ${mostBytes}, conformance kit; ${faults.length} wrong\n`,
)
process.exitCode = faults.length === 0 ? 0 : 1
