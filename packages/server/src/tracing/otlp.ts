import type { Span } from '../tracer.js'

export interface Resource {
  readonly version: string
  /** This node. */
  readonly instance: string
}

/** What goes to `/v1/traces`: OTLP 1, in its JSON form (ids in hexadecimal, times in nanoseconds as text). */
export function exportRequest(
  spans: readonly Span[],
  { version, instance }: Resource,
  newSpanId: () => string,
): string {
  const resource = {
    'service.name': 'switchboard',
    'service.version': version,
    'service.instance.id': instance,
  }
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [
          { scope: { name: 'switchboard', version }, spans: spans.map(span => written(span, newSpanId)) },
        ],
      },
    ],
  })
}

/**
 * A UUID has the 16 bytes that a trace id has. The root's id is the second half of it, which of a UUIDv7 is random, so
 * that every node knows what its spans are part of.
 */
function written(span: Span, newSpanId: () => string) {
  const traceId = span.trace.replaceAll('-', '')
  const root = traceId.slice(16)
  return {
    traceId,
    spanId: span.isRoot ? root : newSpanId(),
    ...(!span.isRoot && { parentSpanId: root }),
    name: span.name,
    kind: span.kind === 'server' ? 2 : 1,
    startTimeUnixNano: nanoseconds(span.from),
    endTimeUnixNano: nanoseconds(Math.max(span.from, span.to)),
    attributes: attributesOf(span.attributes ?? {}),
    status: span.isError ? { code: 2 } : {},
  }
}

const nanoseconds = (ms: number) => (BigInt(Math.round(ms * 1_000)) * 1_000n).toString()

const attributesOf = (attributes: NonNullable<Span['attributes']>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }))

function otlpValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
