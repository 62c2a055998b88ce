import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openMailbox } from '../mailbox.js'
import { root, startProduct } from '../product.js'
import { request } from '../rest-client.js'
import { referenceEnv, referenceFiles } from './reference-files.js'

// Writes docs/reference anew: the documents that a server gives of itself, and pages with what it answered.
const mailbox = await openMailbox()
const product = await startProduct({ env: referenceEnv(mailbox) })
try {
  const rest = (method: string, path: string, options = {}) => request(product.api, method, path, options)
  const files = await referenceFiles(rest, product.signal, mailbox)
  const directory = join(root, 'docs', 'reference')
  await mkdir(directory, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text)
    process.stdout.write(`docs/reference/${name}  ${text.length} characters\n`)
  }
  await product.stop()
} finally {
  await product.dispose()
  await mailbox.close()
}
