import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A file of Swagger UI as it is sent: from memory, compressed once. */
interface DocsFile {
  readonly plain: Buffer
  readonly compressed: Buffer
  readonly tag: string
}

const compress = promisify(gzip)
const directory = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static')
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/** The files that Swagger UI is made of; its page is made by its plug-in. */
export const docsFileNames = async (): Promise<readonly string[]> =>
  (await readdir(directory)).filter(name => extname(name) in types && name !== 'index.html')

async function read(name: string): Promise<DocsFile> {
  const plain = await readFile(join(directory, name))
  const compressed = await compress(plain, { level: 9 })
  return { plain, compressed, tag: createHash('sha256').update(plain).digest('base64url').slice(0, 16) }
}

/** Answers with the file, which is read when it is first asked for. Its URL has `?v=` and the tag on the page. */
export function docsFile(name: string) {
  let reading: Promise<DocsFile> | undefined
  const load = () => {
    reading ??= read(name).catch((error: unknown) => {
      reading = undefined
      throw error
    })
    return reading
  }

  async function answer({ headers, query }: FastifyRequest, reply: FastifyReply) {
    const { plain, compressed, tag } = await load()
    const isThisOne = (query as { v?: unknown }).v === tag
    reply
      .type(types[extname(name)] ?? 'application/octet-stream')
      .header('etag', `"${tag}"`)
      .header('vary', 'accept-encoding')
      .header('cache-control', isThisOne ? 'public, max-age=31536000, immutable' : 'public, no-cache')
    if (headers['if-none-match']?.includes(`"${tag}"`)) return reply.code(304).send()
    if (!takesGzip(headers['accept-encoding'])) return reply.send(plain)
    return reply.header('content-encoding', 'gzip').send(compressed)
  }
  return { answer, tag: async () => (await load()).tag }
}

/** RFC 9110 section 12.5.3, as far as browsers go: named, and not with a weight of nothing. */
export const takesGzip = (accepted: string | string[] | undefined): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(0\.0*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(String(accepted ?? ''))
