import type { up } from '../up/index.js'
import type { MessageReference } from './message-reference.js'

const parties = { SENDER_PHONE_NUMBER: '1234567890', RECEIVER_PHONE_NUMBER: '1212121212' }
const back = { SENDER_PHONE_NUMBER: '1212121212', RECEIVER_PHONE_NUMBER: '1234567890' }
const SDP = '*SDP Request*'

/** What every message may fail by; those that act in a call add theirs. */
const always = {
  invalid_message: 'A member is missing or of the wrong shape.',
  rate_limited: 'Too many messages, or calls, within a time.',
}
const inCalls = {
  ...always,
  not_connected: 'The socket has not said `connect` yet.',
  sender_mismatch: '`SENDER_PHONE_NUMBER` is not your number.',
}

/** The messages of a client. */
export const upReference = {
  connect: {
    title: 'Log a socket in',
    meaning:
      'First on a socket, within 5 s. Answered with `connected`; a bad or dead token closes the socket with 4401. With ' +
      '`SESSION` and `LAST_SEQ` it continues a session whose socket was lost at most `RESUME_WINDOW_SECONDS` ago. A ' +
      "second `connect` on the same socket renews the same user's token; another user's closes with 4400.",
    failures: always,
    examples: {
      first: {
        title: 'On a new socket',
        message: { REASON: 'connect', TOKEN: 'usersJWTTokenShouldBeHere' },
      },
      resuming: {
        title: 'After a lost socket',
        message: {
          REASON: 'connect',
          TOKEN: 'usersJWTTokenShouldBeHere',
          SESSION: '01890a5d-ac96-774b-bcce-b302099a8058',
          LAST_SEQ: 2,
        },
      },
    },
  },
  call: {
    title: 'Call a number',
    meaning:
      'Rings every device of the receiver. You hear `ringing` once a device was given the call, then `callResponse` or ' +
      '`HangUp`. Within an established call between the same two devices it is a renegotiation: same `CALL_ID`, ' +
      'nothing rings.',
    failures: {
      ...inCalls,
      call_in_progress: 'This device is in a call.',
      no_call: 'It names a `CALL_ID` that is over.',
      too_large: '`SDP` is over 32 KiB.',
    },
    examples: {
      plain: { title: 'To a number', message: { REASON: 'call', ...parties, SDP } },
      acknowledged: {
        title: 'To be acknowledged, and without saying who you are',
        message: { REASON: 'call', RECEIVER_PHONE_NUMBER: '1212121212', SDP, ID: '7' },
      },
    },
  },
  callResponse: {
    title: 'Answer a call',
    meaning:
      'The first `accept` wins, the other devices hear `HangUp` with `answered_elsewhere`; a `deny` ends the ringing for ' +
      "all. `SDP` is required with `accept`. In an established call it answers the other side's renegotiation.",
    failures: {
      ...inCalls,
      no_call: 'There is nothing to answer, or not any more.',
      call_in_progress: 'This device is in another call.',
      too_large: '`SDP` is over 32 KiB.',
    },
    examples: {
      accept: { title: 'Yes', message: { REASON: 'callResponse', RESPONSE: 'accept', ...back, SDP } },
      deny: {
        title: 'No, to be acknowledged',
        message: { REASON: 'callResponse', RESPONSE: 'deny', ...back, ID: '9' },
      },
    },
  },
  ICECandidate: {
    title: 'Pass a candidate on',
    meaning:
      "Delivered unchanged to the other party. The caller's reach every ringing device; the callee's are held until it " +
      'accepts, so that a caller who was never answered never learns its address.',
    failures: {
      ...inCalls,
      no_call: 'There is no call between you and this number.',
      rate_limited: 'More than 200 a call and side.',
      too_large: '`CANDIDATE` is over 2 KiB.',
    },
    examples: {
      text: {
        title: 'As text',
        message: { REASON: 'ICECandidate', ...parties, CANDIDATE: 'ICE Candidate' },
      },
      object: {
        title: 'As a browser gives it',
        message: {
          REASON: 'ICECandidate',
          ...parties,
          CANDIDATE: {
            candidate: 'candidate:1 1 udp 2122260223 192.0.2.7 54400 typ host',
            sdpMid: '0',
            sdpMLineIndex: 0,
          },
        },
      },
      end: {
        title: 'The end of candidates',
        message: { REASON: 'ICECandidate', ...parties, CANDIDATE: null },
      },
    },
  },
  HangUp: {
    title: 'End the call',
    meaning:
      'The other party hears `HangUp`. Before an answer the caller cancels by it and a callee refuses.',
    failures: { ...inCalls, no_call: 'There is no call between you and this number.' },
    examples: {
      plain: { title: 'The call with a number', message: { REASON: 'HangUp', ...parties } },
      acknowledged: { title: 'To hear what came of it', message: { REASON: 'HangUp', ...parties, ID: '8' } },
    },
  },
} as const satisfies Readonly<Record<keyof typeof up, MessageReference>>
