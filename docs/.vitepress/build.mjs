// Makes the site of the documents: npm run docs:build [-- --base /elsewhere/ --out directory]. A running server has it when
// it is started again.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vitepress'
import { base as usual } from './base.mjs'
import { root } from './pages.mjs'

const { values } = parseArgs({ options: { base: { type: 'string' }, out: { type: 'string' } } })
const target = resolve(values.out ?? join(root, 'packages/web/dist/docs-site'))
await mkdir(dirname(target), { recursive: true })
const site = await mkdtemp(`${target}-`)
const former = await mkdtemp(`${target}-`)
try {
  await build(join(root, 'docs'), { base: values.base ?? usual, outDir: join(site, 'site') })
  // Whoever looks meanwhile has the old site or the new one.
  await rename(target, join(former, 'site')).catch(error => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(join(site, 'site'), target)
} finally {
  await Promise.all([site, former].map(each => rm(each, { recursive: true, force: true })))
}
