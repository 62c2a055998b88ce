import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span as it came, with the node that it came from. */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly node: string
}

interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: CollectedSpan['attributes'] }
    readonly scopeSpans: readonly { readonly spans: readonly Omit<CollectedSpan, 'node'>[] }[]
  }[]
}

/** An OTLP receiver that keeps what it is sent. */
export interface Collector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** What it answers with from now on. */
  answer(status: number): void
  until(what: string, passes: (spans: readonly CollectedSpan[]) => boolean): Promise<readonly CollectedSpan[]>
  close(): Promise<void>
}

export async function openCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const requests: { path: string; headers: IncomingHttpHeaders }[] = []
  let status = 200
  let wake = () => {}
  const server = createServer((request, response) => {
    void json(request).then(body => {
      requests.push({ path: request.url ?? '', headers: request.headers })
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
      for (const { resource, scopeSpans } of (body as Exported).resourceSpans) {
        const instance = resource.attributes.find(({ key }) => key === 'service.instance.id')
        const node = String(instance?.value.stringValue)
        if (status === 200)
          spans.push(...scopeSpans.flatMap(each => each.spans.map(span => ({ ...span, node }))))
      }
      wake()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answer: next => {
      status = next
    },
    async until(what, passes) {
      const deadline = Date.now() + 20_000
      while (!passes(spans)) {
        const left = deadline - Date.now()
        if (left <= 0)
          throw new Error(`awaited ${what}, got ${JSON.stringify(spans.map(({ name }) => name))}`)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, left)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      return spans
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
