import type { down } from '../down/index.js'
import type { MessageReference } from './message-reference.js'

const CALL_ID = '01890a5d-ac96-774b-bcce-b302099a8057'
const SESSION = '01890a5d-ac96-774b-bcce-b302099a8058'
const SDP = '*SDP Request*'
const parties = { SENDER_PHONE_NUMBER: '1234567890', RECEIVER_PHONE_NUMBER: '1212121212' }
const back = { SENDER_PHONE_NUMBER: '1212121212', RECEIVER_PHONE_NUMBER: '1234567890' }

const connected = {
  REASON: 'connected',
  PHONE_NUMBER: '1234567890',
  SESSION,
  RESUMED: false,
  ICE_SERVERS: [{ urls: ['stun:stun.example.org:3478'] }],
  HEARTBEAT_SECONDS: 25,
  CALLS: [],
}

/** The messages of the server. */
export const downReference = {
  connected: {
    title: 'You are connected',
    meaning:
      'The answer to `connect`, and the only message that never has a `SEQ`. Where `RESUMED` is true, everything after ' +
      '`LAST_SEQ` follows. Where it is false, the session is a new one and `CALLS` tells where things stand.',
    failures: {},
    examples: {
      fresh: { title: 'A new session', message: connected },
      resumed: {
        title: 'The old one goes on',
        message: {
          ...connected,
          RESUMED: true,
          CALLS: [{ CALL_ID, ...parties, STATE: 'established', HERE: true }],
        },
      },
    },
  },
  call: {
    title: 'Somebody calls',
    meaning:
      'An incoming call, to every device of the receiver; or a renegotiation, when you are in the call that `CALL_ID` ' +
      'names. After a restart of the server a call that still rings is given again under the same `CALL_ID`.',
    failures: {},
    examples: {
      incoming: {
        title: 'An incoming call',
        message: { REASON: 'call', CALL_ID, ...parties, SDP, AGE_MS: 12, SEQ: 1 },
      },
    },
  },
  ringing: {
    title: 'It rings',
    meaning:
      'To the caller, once: a device of the receiver was given the call. It also tells the id of the call.',
    failures: {},
    examples: {
      first: {
        title: 'A device rings',
        message: { REASON: 'ringing', CALL_ID, RECEIVER_PHONE_NUMBER: '1212121212', SEQ: 1 },
      },
    },
  },
  callResponse: {
    title: "The other side's answer",
    meaning:
      'To the caller. `SDP` may be missing with `deny`; a `deny` is the end of the call, no `HangUp` follows.',
    failures: {},
    examples: {
      accept: {
        title: 'Taken',
        message: { REASON: 'callResponse', CALL_ID, RESPONSE: 'accept', ...back, SDP, SEQ: 2 },
      },
      deny: {
        title: 'Refused',
        message: { REASON: 'callResponse', CALL_ID, RESPONSE: 'deny', ...back, SEQ: 6 },
      },
    },
  },
  ICECandidate: {
    title: 'A candidate of the other party',
    meaning: 'In the order in which it sent them, each once.',
    failures: {},
    examples: {
      text: {
        title: 'As it was sent',
        message: { REASON: 'ICECandidate', CALL_ID, ...parties, CANDIDATE: 'ICE Candidate', SEQ: 2 },
      },
      object: {
        title: 'An object stays one',
        message: {
          REASON: 'ICECandidate',
          CALL_ID,
          ...parties,
          CANDIDATE: {
            candidate: 'candidate:1 1 udp 2122260223 192.0.2.7 54400 typ host',
            sdpMid: '0',
            sdpMLineIndex: 0,
          },
          SEQ: 3,
        },
      },
      end: {
        title: 'The end of candidates',
        message: { REASON: 'ICECandidate', CALL_ID, ...parties, CANDIDATE: null, SEQ: 4 },
      },
    },
  },
  HangUp: {
    title: 'The call is over',
    meaning: 'For you, and nothing of it follows. The sender is the other party, whoever ended it.',
    failures: {},
    examples: {
      hungUp: {
        title: 'The other party hung up',
        message: { REASON: 'HangUp', CALL_ID, ...parties, CAUSE: 'hung_up', SEQ: 5 },
      },
    },
  },
  ack: {
    title: 'The server has it',
    meaning:
      "The message with this `ID` is the server's own to keep: written to the database where it matters. The same `ID` " +
      'again in one session is acknowledged and not repeated.',
    failures: {},
    examples: { call: { title: 'For a call', message: { REASON: 'ack', ID: '7', SEQ: 4 } } },
  },
  error: {
    title: 'The message was not acted on',
    meaning:
      'The socket stays open. `ID` is that of the message, where it had one. Before `connected` there is no `SEQ`.',
    failures: {},
    examples: {
      noCall: {
        title: 'There was nothing to hang up',
        message: {
          REASON: 'error',
          CODE: 'no_call',
          MESSAGE: 'There is no such call to act in',
          ID: '8',
          SEQ: 3,
        },
      },
      notConnected: {
        title: 'Before `connect`',
        message: { REASON: 'error', CODE: 'not_connected', MESSAGE: 'Send connect first' },
      },
    },
  },
} as const satisfies Readonly<Record<keyof typeof down, MessageReference>>
