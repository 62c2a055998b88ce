// Makes the phone: node packages/web/build.mjs [directory]. From the sources, with nothing built before, in less than a second.
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'

const here = import.meta.dirname
const require = createRequire(import.meta.url)
const font = join(
  dirname(require.resolve('@fontsource-variable/schibsted-grotesk/package.json')),
  'files',
  'schibsted-grotesk-latin-wght-normal.woff2',
)
const target = resolve(process.argv[2] ?? join(here, 'dist', 'site'))

/** The same as the server's: what is named with `?v=` and this is kept for ever. */
const tagOf = bytes => createHash('sha256').update(bytes).digest('base64url').slice(0, 16)

const settings = {
  bundle: true,
  minify: true,
  write: false,
  target: ['es2022', 'chrome100', 'firefox102', 'safari15.4'],
  conditions: ['source'],
  logLevel: 'error',
}
const bundle = async options => (await build({ ...settings, ...options })).outputFiles[0].contents

await mkdir(dirname(target), { recursive: true })
const site = await mkdtemp(join(dirname(target), 'site-'))
try {
  await cp(join(here, 'src', 'site'), site, { recursive: true })
  const fontBytes = await readFile(font)
  const fontLink = `/grotesk.woff2?v=${tagOf(fontBytes)}`
  const [script, styles] = await Promise.all([
    bundle({
      entryPoints: [join(here, 'src', 'main.tsx')],
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
    bundle({ entryPoints: [join(here, 'src', 'styles', 'index.css')], external: ['/grotesk.woff2'] }),
  ])
  const css = Buffer.from(Buffer.from(styles).toString('utf8').replaceAll('/grotesk.woff2', fontLink))
  const links = {
    '/app.js': `/app.js?v=${tagOf(script)}`,
    '/app.css': `/app.css?v=${tagOf(css)}`,
    '/grotesk.woff2': fontLink,
  }
  const page = Object.entries(links).reduce(
    (text, [name, link]) => text.replaceAll(`"${name}"`, `"${link}"`),
    await readFile(join(site, 'index.html'), 'utf8'),
  )
  // The worker keeps what the page is made of; other files make another worker.
  const worker = await bundle({
    entryPoints: [join(here, 'src', 'service-worker.ts')],
    format: 'iife',
    define: { SHELL: JSON.stringify(['/', ...Object.values(links)]), VERSION: JSON.stringify(tagOf(page)) },
  })
  await Promise.all([
    writeFile(join(site, 'index.html'), page),
    writeFile(join(site, 'app.js'), script),
    writeFile(join(site, 'app.css'), css),
    writeFile(join(site, 'grotesk.woff2'), fontBytes),
    writeFile(join(site, 'service-worker.js'), worker),
  ])
  if ((await readdir(site)).length < 8) throw new Error('the page is not whole')
  await chmod(site, 0o755)
  // Whoever reads meanwhile has the old page or the new one. Two who build at once make the same.
  await rm(target, { recursive: true, force: true })
  await rename(site, target).catch(error => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
} finally {
  await rm(site, { recursive: true, force: true })
}
