import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { root } from '../product.js'
import { running } from '../running.js'
import { type ApiDocument, operationOf } from './openapi-document.js'
import { referenceEnv, referenceFiles } from './reference-files.js'
import { folders } from './tour.js'

describe('docs/reference', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const server = running({ env: () => referenceEnv(mailbox) })
  let files: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    files = await referenceFiles(server.rest, server.signal, mailbox)
  })

  it.each([
    'openapi.json',
    'asyncapi.json',
    'rest.md',
    'signaling.md',
    'switchboard.postman_collection.json',
  ])('%s is what the server says and answers', async name => {
    const committed = await readFile(join(root, 'docs', 'reference', name), 'utf8').catch(() => '')
    expect(committed, 'stale: npm run docs:reference writes it anew').toBe(files[name])
  })

  it('shows every route by a request', () => {
    const document = JSON.parse(files['openapi.json'] ?? '{}') as ApiDocument
    const asked = new Set(
      folders.flatMap(({ steps }) =>
        steps
          .filter(({ code }) => code === undefined)
          .map(({ method, path }) => operationOf(document, method, path)),
      ),
    )
    const operations = Object.values(document.paths).flatMap(path => Object.values(path))
    expect(operations.filter(each => !asked.has(each)).map(({ summary }) => summary)).toEqual([])
  })
})
