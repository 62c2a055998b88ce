/** What each member of a message is, by its name; the two directions mean the same by it. */
export const members: Readonly<Record<string, string>> = {
  REASON: 'Which message this is.',
  TOKEN: 'The token of `/login` or `/authenticate`.',
  SESSION: 'Names the session: a device through lost sockets.',
  LAST_SEQ: 'The highest `SEQ` that was acted on; what followed is sent again.',
  ID: 'A name of your own for the message, answered by `ack` or `error`.',
  CALL_ID: 'Which call; a client may leave it out where the pair of numbers says it.',
  SENDER_PHONE_NUMBER: 'Who sends. A client may leave it out; what is not its number is refused.',
  RECEIVER_PHONE_NUMBER: 'Whom it is for.',
  SDP: 'A session description, delivered unchanged: text, or an object like RTCSessionDescriptionInit.',
  RESPONSE: 'Whether the call is taken.',
  CANDIDATE:
    'Text, an object like RTCIceCandidateInit, or null for the end of candidates; delivered unchanged.',
  PHONE_NUMBER: 'Your number.',
  RESUMED: 'Whether the session goes on: then what was missed follows.',
  ICE_SERVERS: 'For `RTCPeerConnection`.',
  HEARTBEAT_SECONDS: 'How often the server pings.',
  CALLS:
    'The calls you are part of, ringing or established; `HERE` says whether this device is the one in it.',
  SEQ: 'The place of the message in its session; rises by one.',
  AGE_MS: 'How long ago the caller called, in milliseconds.',
  CAUSE: 'Why the call is over.',
  CODE: 'Why the message was refused.',
  MESSAGE: 'The same for a person who reads a log; it may change.',
}

/** Bounds that a JSON Schema cannot tell. */
export const boundsInBytes: Readonly<Record<string, string>> = {
  SDP: 'at most 32 KiB in UTF-8',
  CANDIDATE: 'at most 2 KiB in UTF-8',
}
