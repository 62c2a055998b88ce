import type { ErrorCode } from '@switchboard/protocol'

/** What a route is besides its schema. */
export interface Operation {
  /** Who may ask: anybody, whoever is logged in, or whoever holds a reset token. */
  readonly access: 'public' | 'token' | 'reset_token'
  /** The codes that are this route's own; those that every route may answer need not be named. */
  readonly refusals?: readonly ErrorCode[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation
  }
}

const always: readonly ErrorCode[] = ['invalid_request', 'internal', 'service_unavailable', 'rate_limited']

/** Every code that the route may answer with. */
export function refusalsOf({ access, refusals = [] }: Operation, takesBody: boolean): readonly ErrorCode[] {
  const common: readonly ErrorCode[] = [
    ...always,
    ...(access === 'public' ? [] : (['invalid_token'] as const)),
    ...(takesBody ? (['too_large', 'unsupported_media_type'] as const) : []),
  ]
  return [...new Set([...refusals, ...common])]
}
