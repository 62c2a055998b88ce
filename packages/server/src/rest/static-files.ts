import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A file as it is sent: from memory, compressed once. */
interface StaticFile {
  readonly plain: Buffer
  readonly compressed: Buffer | undefined
  readonly tag: string
}

const compress = promisify(gzip)
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
}
/** Packed already. */
const dense = new Set(['.png', '.woff2'])

/** Whether a file of that name is one that a page is made of. */
export const isServed = (name: string): boolean => extname(name) in types

async function read(path: string): Promise<StaticFile> {
  const plain = await readFile(path)
  const compressed = dense.has(extname(path)) ? undefined : await compress(plain, { level: 9 })
  return { plain, compressed, tag: createHash('sha256').update(plain).digest('base64url').slice(0, 16) }
}

/** Answers with the file, which is read when it is first asked for. Its URL has `?v=` and the tag on the page. */
export function staticFile(path: string) {
  let reading: Promise<StaticFile> | undefined
  const load = () => {
    reading ??= read(path).catch((error: unknown) => {
      reading = undefined
      throw error
    })
    return reading
  }

  async function answer({ headers, query }: FastifyRequest, reply: FastifyReply) {
    const { plain, compressed, tag } = await load()
    const isThisOne = (query as { v?: unknown }).v === tag
    reply
      .type(types[extname(path)] ?? 'application/octet-stream')
      .header('etag', `"${tag}"`)
      .header('vary', 'accept-encoding')
      .header('cache-control', isThisOne ? 'public, max-age=31536000, immutable' : 'public, no-cache')
    if (headers['if-none-match']?.includes(`"${tag}"`)) return reply.code(304).send()
    if (!compressed || !takesGzip(headers['accept-encoding'])) return reply.send(plain)
    return reply.header('content-encoding', 'gzip').send(compressed)
  }
  return { answer, tag: async () => (await load()).tag }
}

/** RFC 9110 section 12.5.3, as far as browsers go: named, and not with a weight of nothing. */
export const takesGzip = (accepted: string | string[] | undefined): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(0\.0*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(String(accepted ?? ''))
