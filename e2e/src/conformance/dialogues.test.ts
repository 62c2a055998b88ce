import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Product, root, startProduct } from '../product.js'

const kit = join(root, 'packages', 'conformance')

let product: Product
let dir: string
beforeAll(async () => {
  product = await startProduct()
  dir = await mkdtemp(join(tmpdir(), 'switchboard-dialogues-'))
})
afterAll(async () => {
  await product?.dispose()
  await rm(dir, { recursive: true, force: true })
})

const read = async (directory: string) =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(directory)).map(
        async name => [name, await readFile(join(directory, name), 'utf8')] as const,
      ),
    ),
  )

it('the published dialogues are what the server says; npm run conformance:dialogues records them anew', async () => {
  const recorder = join(kit, 'dist', 'making', 'write-dialogues.js')
  await promisify(execFile)(process.execPath, [recorder, product.api, dir])
  const recorded = await read(dir)
  expect(recorded).toEqual(await read(join(kit, 'dialogues')))
  expect(Object.keys(recorded).length).toBeGreaterThan(10)
})
