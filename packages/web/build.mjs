// Makes the phone and the operator's panel: node packages/web/build.mjs [directory]. From the sources, with nothing built
// before, in less than a second.
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'

const here = import.meta.dirname
const source = join(here, 'src')
const require = createRequire(import.meta.url)
const font = join(
  dirname(require.resolve('@fontsource-variable/schibsted-grotesk/package.json')),
  'files',
  'schibsted-grotesk-latin-wght-normal.woff2',
)
const dist = resolve(process.argv[2] ?? join(here, 'dist'))

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

/** The worker keeps what the page is made of; other files make another worker. */
const serviceWorker = (page, links) =>
  bundle({
    entryPoints: [join(source, 'service-worker.ts')],
    format: 'iife',
    define: { SHELL: JSON.stringify(['/', ...links]), VERSION: JSON.stringify(tagOf(page)) },
  })

/** A page with its script, its styles and the font, each named by what it holds. */
async function makeSite({ name, from, files, worker = false, fewest }) {
  const target = join(dist, name)
  const site = await mkdtemp(join(dist, `${name}-`))
  try {
    for (const [path, to] of Object.entries(files))
      await cp(join(source, path), join(site, to), { recursive: true })
    const fontBytes = await readFile(font)
    const fontLink = `/grotesk.woff2?v=${tagOf(fontBytes)}`
    const [script, styles] = await Promise.all([
      bundle({
        entryPoints: [join(from, 'main.tsx')],
        format: 'esm',
        jsx: 'automatic',
        jsxImportSource: 'preact',
      }),
      bundle({ entryPoints: [join(from, 'styles', 'index.css')], external: ['/grotesk.woff2'] }),
    ])
    const css = Buffer.from(Buffer.from(styles).toString('utf8').replaceAll('/grotesk.woff2', fontLink))
    const links = {
      '/app.js': `/app.js?v=${tagOf(script)}`,
      '/app.css': `/app.css?v=${tagOf(css)}`,
      '/grotesk.woff2': fontLink,
    }
    const page = Object.entries(links).reduce(
      (text, [file, link]) => text.replaceAll(`"${file}"`, `"${link}"`),
      await readFile(join(site, 'index.html'), 'utf8'),
    )
    await Promise.all([
      writeFile(join(site, 'index.html'), page),
      writeFile(join(site, 'app.js'), script),
      writeFile(join(site, 'app.css'), css),
      writeFile(join(site, 'grotesk.woff2'), fontBytes),
      worker && writeFile(join(site, 'service-worker.js'), await serviceWorker(page, Object.values(links))),
    ])
    if ((await readdir(site)).length < fewest) throw new Error(`${name} is not whole`)
    await chmod(site, 0o755)
    // Whoever reads meanwhile has the old page or the new one. Two who build at once make the same.
    await rm(target, { recursive: true, force: true })
    await rename(site, target).catch(error => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(site, { recursive: true, force: true })
  }
}

await mkdir(dist, { recursive: true })
await Promise.all([
  makeSite({ name: 'site', from: source, files: { site: '.' }, worker: true, fewest: 8 }),
  makeSite({
    name: 'panel-site',
    from: join(source, 'panel'),
    files: { 'panel/index.html': 'index.html', 'site/icon.svg': 'icon.svg' },
    fewest: 5,
  }),
])
