// Holds what users of the SDK get: node .packages/check.mjs. The package as npm would pack it is clean for publint and for
// TypeScript in every way of resolving modules that can load it, and its code is small.
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
/** Gzipped, whole, without what a bundler shakes off. A page loads it before it can ring. */
const mostBytes = 15_000
/** CommonJS cannot load a package of ES modules alone, and TypeScript before 4.7 knows no `exports`. */
const tolerated = new Set(['CJSResolvesToESM', 'NoResolution'])
const old = new Set(['node10', 'node16-cjs'])

const faults = []

const { pkg, messages } = await publint({ pkgDir: client, strict: true, pack: 'npm' })
for (const message of messages) faults.push(`publint: ${formatMessage(message, pkg, { color: false })}`)

const packed = mkdtempSync(join(tmpdir(), 'switchboard-pack-'))
try {
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
  const args = [...npm.slice(1), 'pack', '--json', '--pack-destination', packed]
  const [{ filename }] = JSON.parse(
    execFileSync(npm[0], args, { cwd: client, encoding: 'utf8', stdio: 'pipe' }),
  )
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
process.stdout.write(`client package: ${bytes} bytes gzipped of ${mostBytes}, ${faults.length} wrong\n`)
process.exitCode = faults.length === 0 ? 0 : 1
