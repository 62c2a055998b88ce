import type { Cause } from '../causes.js'
import type { closeEvents } from '../close-events.js'
import type { SignalErrorCode } from '../errors.js'

/** What each cause of a call's end means to who hears it. */
export const causeMeanings: Readonly<Record<Cause, string>> = {
  hung_up: 'a party of an established call ended it',
  cancelled: 'the caller gave up before an answer',
  denied: 'the callee refused by `HangUp` (a `deny` reaches the caller as `callResponse`)',
  busy: 'the callee is in another call',
  no_answer: 'nobody answered within `RING_TIMEOUT_SECONDS`',
  unavailable: 'unknown number, no device, or not reachable for you: one answer for all',
  answered_elsewhere: 'another device of yours took the call',
  declined_elsewhere: 'another device of yours refused it',
  glare: 'you called each other at once; the other call goes on, answer it',
  connection_lost: 'a party stayed away past the resume window',
  ended_by_admin: 'an operator ended it',
}

/** What each code of `error` means. */
export const errorMeanings: Readonly<Record<SignalErrorCode, string>> = {
  invalid_message: 'not a JSON object in a text frame, not a known `REASON`, or a member of the wrong shape',
  not_connected: '`connect` comes first',
  sender_mismatch: '`SENDER_PHONE_NUMBER` is not your number',
  no_call: 'there is no such call, or it is not yours to act in',
  call_in_progress: 'this device is in a call',
  rate_limited: 'too much of something; the socket is closed with 4429 if it goes on',
  too_large: '`SDP` over 32 KiB or `CANDIDATE` over 2 KiB',
}

/** Why the server closes a socket, and whether a client should come back. */
export const closeMeanings: Readonly<Record<keyof typeof closeEvents, { why: string; comeBack: string }>> = {
  protocolError: { why: 'you tried to change the user of a socket', comeBack: 'no, mend the app' },
  unauthenticated: {
    why: 'no valid `connect` in time, or a bad, dead or ended token',
    comeBack: 'after a new login',
  },
  revoked: { why: 'logged out, password changed, disabled or deleted', comeBack: 'after a new login' },
  slowConsumer: { why: '1 MiB unsent, or no byte read for 10 s', comeBack: 'yes, and resume' },
  displaced: {
    why: "the session went on over another socket, or a sixth device took this one's place",
    comeBack: 'no',
  },
  rateLimited: { why: 'a limit was broken, and again', comeBack: 'later, and slower' },
  tooLarge: { why: 'the frame was over 64 KiB', comeBack: 'no, mend the app' },
  restarting: {
    why: 'the server restarts; the reason says in how many milliseconds to come back',
    comeBack: 'yes, after that, and resume',
  },
}
