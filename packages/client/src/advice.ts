/** What to do about an error, by its code. */
const advice: Readonly<Record<string, string>> = {
  already_registered: 'Log in, or reset the password, or take another number or email.',
  call_in_progress: 'End the call that this device is in first.',
  contact_exists: 'Nothing to do: the contact is there.',
  device_missing: 'Plug in a microphone or camera, or call without it.',
  device_refused: 'Let this page use the microphone and camera, in the settings of the browser.',
  device_busy: 'Close the other program that uses the microphone or camera.',
  displaced: 'Another tab or device goes on in this place. Connect again when the user asks for it.',
  ended: 'The call is over: make a new one.',
  invalid_code: 'Ask for a new code.',
  invalid_credentials: 'Check email and password.',
  invalid_request: 'See "fields" for what is wrong.',
  invalid_token: 'Log in again.',
  network: 'Check the address and the network; then try again.',
  no_call: 'The call is over: nothing to do.',
  no_relay: 'Check that the TURN server runs and knows the secret: "switchboard doctor" says which.',
  no_transport: 'Pass transport: { WebSocket, fetch }; in Node 20 the WebSocket of the package "ws".',
  not_established: 'Wait for "connected".',
  offline: 'Wait until the connection is back: phone.on("online").',
  protocol_error: 'A fault of this library or of what stands between: please report it.',
  rate_limited: 'Wait, then try again, and less often.',
  revoked: 'Log in again.',
  signaling_only: 'This needs a media layer: pass "media".',
  too_large: 'Send less at once.',
  too_many_attempts: 'Wait as long as "retryAfterSeconds" says.',
  unauthenticated: 'Log in again.',
  unsupported: 'This browser, or this media layer, cannot do it.',
  user_not_found: 'Check the number.',
  weak_password: 'Choose a longer password that is not your name or number.',
}

export const adviceFor = (code: string) =>
  advice[code] ?? 'Try again; if it stays, look into the log of the server.'
