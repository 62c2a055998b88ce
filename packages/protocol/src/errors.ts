/**
 * Every way in which the server says no: one closed list, shared by REST (`code` of the problem document, with this
 * status) and WebSocket (`CODE`). Contract sections 2 and 3.
 */
export const errors = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  weak_password: { status: 400, title: 'The password is too weak' },
  cannot_add_self: { status: 400, title: 'You cannot add yourself' },
  invalid_code: { status: 400, title: 'The code is not valid' },
  invalid_credentials: { status: 401, title: 'Wrong email or password' },
  invalid_token: { status: 401, title: 'The token is not valid' },
  wrong_account: { status: 403, title: 'The token belongs to another account' },
  user_not_found: { status: 404, title: 'No such user' },
  contact_not_found: { status: 404, title: 'No such contact' },
  not_found: { status: 404, title: 'No such route' },
  method_not_allowed: { status: 405, title: 'The route does not take this method' },
  already_registered: { status: 409, title: 'The phone number or email is already registered' },
  contact_exists: { status: 409, title: 'The contact exists already' },
  phone_number_taken: { status: 409, title: 'The phone number is taken' },
  origin_refused: { status: 403, title: 'Pages of this origin may not connect' },
  upgrade_required: { status: 426, title: 'Connect by WebSocket' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'The content type must be application/json' },
  too_many_attempts: { status: 429, title: 'Too many attempts' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  service_unavailable: { status: 503, title: 'The service is not available right now' },
  /** WebSocket only: the status is what a gateway would answer. */
  invalid_message: { status: 400, title: 'The message is not valid' },
  not_connected: { status: 401, title: 'Send connect first' },
  sender_mismatch: { status: 403, title: 'The sender is not you' },
  no_call: { status: 404, title: 'There is no such call to act in' },
  call_in_progress: { status: 409, title: 'You are in a call already' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errors

/** The codes that a WebSocket `error` may carry. */
export const signalErrorCodes = [
  'invalid_message',
  'not_connected',
  'sender_mismatch',
  'no_call',
  'call_in_progress',
  'rate_limited',
  'too_large',
] as const satisfies readonly ErrorCode[]

export type SignalErrorCode = (typeof signalErrorCodes)[number]
