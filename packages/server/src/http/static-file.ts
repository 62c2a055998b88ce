import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** A file as it is sent: from memory, compressed once. */
interface Kept {
  readonly plain: Buffer
  readonly compressed: Buffer | undefined
  readonly tag: string
}

export interface StaticAsked {
  readonly ifNoneMatch: string | undefined
  readonly acceptEncoding: string | string[] | undefined
  /** What the link said after `?v=`. */
  readonly version: unknown
}

export interface StaticAnswer {
  readonly status: 200 | 304
  readonly fields: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
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

async function read(path: string): Promise<Kept> {
  const plain = await readFile(path)
  const compressed = dense.has(extname(path)) ? undefined : await compress(plain, { level: 9 })
  return { plain, compressed, tag: createHash('sha256').update(plain).digest('base64url').slice(0, 16) }
}

/** A file of a page, which is read when it is first asked for. Its URL has `?v=` and the tag on the page. */
export function staticFile(path: string) {
  let reading: Promise<Kept> | undefined
  const load = () => {
    reading ??= read(path).catch((error: unknown) => {
      reading = undefined
      throw error
    })
    return reading
  }

  async function answer({ ifNoneMatch, acceptEncoding, version }: StaticAsked): Promise<StaticAnswer> {
    const { plain, compressed, tag } = await load()
    const fields = {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      etag: `"${tag}"`,
      vary: 'accept-encoding',
      'cache-control': version === tag ? 'public, max-age=31536000, immutable' : 'public, no-cache',
    }
    if (ifNoneMatch?.includes(`"${tag}"`)) return { status: 304, fields, body: undefined }
    if (!compressed || !takesGzip(acceptEncoding)) return { status: 200, fields, body: plain }
    return { status: 200, fields: { ...fields, 'content-encoding': 'gzip' }, body: compressed }
  }
  return { answer, tag: async () => (await load()).tag }
}

/** RFC 9110 section 12.5.3, as far as browsers go: named, and not with a weight of nothing. */
export const takesGzip = (accepted: string | string[] | undefined): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(0\.0*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(String(accepted ?? ''))
