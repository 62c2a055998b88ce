import type { FastifyReply, FastifyRequest } from 'fastify'
import { staticFile } from '../http/static-file.js'

/** Answers with the file, by fastify. */
export function staticRoute(path: string) {
  const file = staticFile(path)
  async function answer({ headers, query }: FastifyRequest, reply: FastifyReply) {
    const { status, fields, body } = await file.answer({
      ifNoneMatch: headers['if-none-match'],
      acceptEncoding: headers['accept-encoding'],
      version: (query as { v?: unknown }).v,
    })
    return reply.code(status).headers(fields).send(body)
  }
  return { answer, tag: file.tag }
}
