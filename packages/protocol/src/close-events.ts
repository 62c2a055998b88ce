/**
 * How the server closes a socket, and whether the client should come back by itself (contract section 3).
 */
export const closeEvents = {
  /** The client broke the protocol. A fault of the app: do not reconnect. */
  protocolError: { code: 4400, reason: 'protocol_error', retry: false },
  /** No valid `connect` in time, or a bad or dead token. Log in again first. */
  unauthenticated: { code: 4401, reason: 'unauthenticated', retry: false },
  /** Logged out, password changed, disabled or deleted. Log in again first. */
  revoked: { code: 4403, reason: 'revoked', retry: false },
  /** The client read too slowly. Reconnect and resume. */
  slowConsumer: { code: 4408, reason: 'slow_consumer', retry: true },
  /** The session went on over another socket, or a sixth device displaced this one. Do not reconnect. */
  displaced: { code: 4409, reason: 'displaced', retry: false },
  /** A rate limit was broken. Reconnect later, and slower. */
  rateLimited: { code: 4429, reason: 'rate_limited', retry: true },
  /** A frame over 64 KiB (RFC 6455 section 7.4.1). A fault of the app. */
  tooLarge: { code: 1009, reason: 'too_large', retry: false },
  /** The server restarts. Come back after the delay that the reason names, in milliseconds. */
  restarting: { code: 1012, reason: 'restarting', retry: true },
} as const satisfies Record<string, CloseEvent>

export interface CloseEvent {
  readonly code: number
  readonly reason: string
  /** Whether a client should reconnect by itself. */
  readonly retry: boolean
}
