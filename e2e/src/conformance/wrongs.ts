import type { Frame } from '../wire.js'
import type { Answer, Wrong } from './wrong-server.js'

const only = (reason: string, change: (frame: Frame) => readonly object[]) => ({
  frame: (frame: Frame) => (frame.REASON === reason ? change(frame) : [frame]),
})
const answer = (route: string, change: (answer: Answer) => void) => ({
  answer: (asked: string, given: Answer) => {
    if (asked === route) change(given)
  },
})

/** Ways to break the contract, and the cases that must notice. */
export const wrongs: Readonly<Record<string, Wrong & { noticed: readonly string[] }>> = {
  'the caller never hears ringing': {
    ...only('ringing', () => []),
    noticed: ['call.given', 'call.accepted', 'call.hung-up'],
  },
  'candidates come twice': {
    ...only('ICECandidate', frame => [frame, frame]),
    noticed: ['candidates.held-until-accepted', 'candidates.in-order-once', 'candidates.in-one-breath'],
  },
  'candidates lose their spaces': {
    ...only('ICECandidate', frame => [{ ...frame, CANDIDATE: String(frame.CANDIDATE).trim() }]),
    noticed: ['payloads.candidate-unchanged'],
  },
  'the loser of a fork hears that the call was cancelled': {
    ...only('HangUp', frame => [
      { ...frame, CAUSE: String(frame.CAUSE).replace('answered_elsewhere', 'cancelled') },
    ]),
    noticed: ['devices.first-accept-wins', 'devices.accepts-at-once', 'devices.late-device'],
  },
  'a sender is whoever it says it is': {
    ...only('call', frame => [{ ...frame, SENDER_PHONE_NUMBER: '1234567890' }]),
    noticed: ['call.given', 'call.sender-known-from-token'],
  },
  'SEQ stands still': {
    frame: frame => [frame.SEQ === undefined ? frame : { ...frame, SEQ: 1 }],
    noticed: ['resume.seq-rises', 'resume.what-was-missed', 'resume.from-last-seq'],
  },
  'an ID is not acknowledged': {
    ...only('ack', () => []),
    noticed: ['ids.acknowledged', 'ids.once'],
  },
  'unavailable says more than it may': {
    ...only('HangUp', frame => [frame.CAUSE === 'unavailable' ? { ...frame, OFFLINE: true } : frame]),
    noticed: ['call.unavailable'],
  },
  'a message of a kind that nobody knows': {
    ...only('connected', frame => [frame, { REASON: 'welcome', SEQ: 1 }]),
    noticed: ['glare.at-once', 'glare.calls-back'],
  },
  'a dialogue has another end': {
    ...only('HangUp', frame => [{ ...frame, CAUSE: 'hung_up' }]),
    noticed: ['dialogue.cancelled', 'dialogue.busy', 'dialogue.unavailable', 'dialogue.glare'],
  },
  'a wrong password and an unknown email differ': {
    ...answer('POST /login', given => {
      if (given.status === 401) given.body.detail = `${String(given.body.detail)} (${Math.random()})`
    }),
    noticed: ['accounts.login-refused'],
  },
  'a contact that exists is added again': {
    ...answer('POST /add_contact', given => {
      if (given.status === 409) given.status = 201
    }),
    noticed: ['contacts.failures', 'contacts.once-of-many-at-once'],
  },
  'a user has more to show than the contract says': {
    ...answer('GET /get_user', given => {
      given.body.password_hash = '$argon2id$'
    }),
    noticed: ['accounts.get-user', 'accounts.put-names'],
  },
  'errors are not problem documents': {
    answer: (_, given) => {
      if (given.status >= 400) {
        given.headers['content-type'] = 'application/json'
        given.body = { error: given.body.code }
      }
    },
    noticed: ['form.problem', 'form.unknown-field', 'form.not-json', 'form.unknown-route'],
  },
  'responses have no id': {
    answer: (_, given) => {
      delete given.headers['x-request-id']
    },
    noticed: ['form.request-id'],
  },
}
