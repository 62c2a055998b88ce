/** Bounds that a client has to know to stay within them (contract sections 2 and 3). */
export const wireLimits = {
  /** One text frame. Room for a large SDP in JSON, little enough to parse in a millisecond. */
  frameBytes: 64 * 1024,
  /** `SDP`, counted in UTF-8. Browsers with every codec on stay under 16 KiB. */
  sdpBytes: 32 * 1024,
  /** `CANDIDATE`, counted in UTF-8. A candidate line has some 200 bytes. */
  candidateBytes: 2 * 1024,
  /** Nesting of any JSON we accept: RTCSessionDescriptionInit needs 2, validators recurse safely to 8. */
  jsonDepth: 8,
  /** Members of the outermost object; the largest message we know has nine. */
  jsonMembers: 32,
  /** `ID` of a client message. */
  idLength: 64,
  /** A REST body. */
  bodyBytes: 16 * 1024,
  /** Digits of a phone number, by E.164 at most 15. */
  phoneDigitsMin: 3,
  phoneDigitsMax: 15,
  /** A phone number as written, with its spaces and dashes. */
  phoneWrittenLength: 40,
  nameLength: 100,
  emailLength: 254,
  passwordMin: 8,
  passwordMinStrict: 15,
  passwordMax: 128,
  /** Server messages that a session keeps for replay. */
  replayMessages: 256,
  devicesPerUser: 5,
  contactsPerUser: 1_000,
  /** Every device's node holds the list in memory; nobody writes longer ones by hand. */
  blocksPerUser: 1_000,
  /** Calls of one page of the history, when the client does not say, and at most. */
  historyPage: 50,
  historyPageMax: 200,
} as const
