import type { ServerResponse } from 'node:http'
import { adminErrors } from '@switchboard/protocol/admin'
import { AdminRefusal } from '../administrators/admin-refusal.js'
import { answerTo } from '../http/answer-to.js'
import { problemType } from '../http/problem.js'
import type { Logger } from '../log.js'
import type { Download, Handled } from './route.js'
import { WrongMethod } from './table.js'

export function sendJson(response: ServerResponse, status: number, body: Handled, type = 'application/json') {
  if (body === undefined) {
    response.writeHead(204).end()
    return
  }
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': type.includes(';') ? type : `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
  })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

export const isDownload = (handled: Handled | Download): handled is Download =>
  handled !== undefined && Symbol.asyncIterator in ((handled as Partial<Download>).chunks ?? {})

/** As fast as it is read. */
export async function sendDownload(response: ServerResponse, { fileName, type, chunks }: Download) {
  response.writeHead(200, {
    'content-type': type,
    'content-disposition': `attachment; filename="${fileName}"`,
  })
  const drained = () =>
    new Promise<void>(resolve => {
      response.once('drain', resolve).once('close', resolve)
    })
  for await (const chunk of chunks) {
    if (response.destroyed) return
    if (!response.write(chunk)) await drained()
  }
  response.end()
}

/** Says no, whatever was thrown. What is no refusal says nothing of what went wrong inside. */
export function sendFailure(response: ServerResponse, error: unknown, log: Logger): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (error instanceof AdminRefusal) {
    const { code, message, more } = error
    const problem = {
      type: `urn:switchboard:error:${code}`,
      ...adminErrors[code],
      detail: message,
      code,
      ...more,
    }
    sendJson(response, problem.status, problem, problemType)
    return
  }
  const { problem, retryAfterSeconds, ours } = answerTo(error)
  if (ours && problem.status !== 503) {
    const stack =
      error instanceof Error ? error.stack?.split('\n').filter(line => /^\s+at /.test(line)) : undefined
    log.error(
      { kind: error instanceof Error ? error.name : typeof error, stack },
      'a request of the panel failed',
    )
  }
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', Math.ceil(retryAfterSeconds))
  if (error instanceof WrongMethod) response.setHeader('allow', error.allowed.join(', '))
  sendJson(response, problem.status, problem, problemType)
}
