/** What is said in a dialogue; the recorder finds out what is sent in turn. */
export interface Script {
  readonly name: string
  readonly clause: string
  readonly says: string
  readonly lines: readonly Said[]
}

/** `hears`: what the one who says it is sent for it, when that comes later than the acknowledgement. */
export type Said = readonly [device: string, frame: Readonly<Record<string, unknown>>, hears?: string]

const between = (from: string, to: string) => ({
  SENDER_PHONE_NUMBER: `{${from}.number}`,
  RECEIVER_PHONE_NUMBER: `{${to}.number}`,
})
const person = (device: string) => device.split('/')[0] ?? device

// The five messages as the first users of the protocol wrote them, member for member.
const connect = (who: string) => [who, { REASON: 'connect', TOKEN: `{${who}.token}` }] as const
const call = (who: string, to: string, ...hears: readonly [string?]): Said => [
  who,
  { REASON: 'call', ...between(person(who), to), SDP: '*SDP Request*' },
  ...hears,
]
const respond = (who: string, to: string, RESPONSE: string) =>
  [who, { REASON: 'callResponse', RESPONSE, ...between(person(who), to), SDP: '*SDP Request*' }] as const
const candidate = (who: string, to: string, CANDIDATE = 'ICE Candidate') =>
  [who, { REASON: 'ICECandidate', ...between(person(who), to), CANDIDATE }] as const
const hangUp = (who: string, to: string) => [who, { REASON: 'HangUp', ...between(person(who), to) }] as const

const both = [connect('ada'), connect('ben')]
const talking = [...both, call('ada', 'ben', 'ringing'), respond('ben', 'ada', 'accept')]
const script = (name: string, clause: string, says: string, lines: Script['lines']): Script => ({
  name,
  clause,
  says,
  lines,
})

export const scripts: readonly Script[] = [
  script('accepted', '3', 'A call is accepted, candidates flow both ways, the caller hangs up', [
    ...talking,
    candidate('ada', 'ben'),
    candidate('ben', 'ada'),
    hangUp('ada', 'ben'),
  ]),
  script('ended-by-callee', '3', 'The callee of an established call hangs up', [
    ...talking,
    hangUp('ben', 'ada'),
  ]),
  script('denied', '3, rule 2', 'A call is denied', [
    ...both,
    call('ada', 'ben', 'ringing'),
    respond('ben', 'ada', 'deny'),
  ]),
  script('cancelled', '3', 'The caller hangs up before an answer; the callee answers too late', [
    ...both,
    call('ada', 'ben', 'ringing'),
    hangUp('ada', 'ben'),
    respond('ben', 'ada', 'accept'),
  ]),
  script('candidates-held', '3, rule 3', 'The callee’s candidates wait for its answer, the caller’s do not', [
    ...both,
    call('ada', 'ben', 'ringing'),
    candidate('ada', 'ben', 'of the caller'),
    candidate('ben', 'ada', 'of the callee'),
    candidate('ben', 'ada', 'another of the callee'),
    respond('ben', 'ada', 'accept'),
    candidate('ben', 'ada', 'after the answer'),
  ]),
  script('renegotiated', '3, rule 4', 'A call inside a call is a renegotiation', [
    ...talking,
    call('ben', 'ada'),
    respond('ada', 'ben', 'accept'),
    hangUp('ben', 'ada'),
  ]),
  script('busy', '3, rule 4', 'Somebody calls one who is in a call', [
    ...talking,
    connect('cyd'),
    call('cyd', 'ben', 'HangUp'),
    hangUp('ada', 'ben'),
  ]),
  script('unavailable', '3', 'Somebody calls one who has no device', [
    connect('ada'),
    call('ada', 'ben', 'HangUp'),
  ]),
  script('glare', '3, rule 5', 'The callee calls back while it rings, and then answers', [
    ...both,
    call('ada', 'ben', 'ringing'),
    call('ben', 'ada', 'HangUp'),
    respond('ben', 'ada', 'accept'),
    hangUp('ben', 'ada'),
  ]),
  script('two-devices-accepted', '3, rule 1', 'Two devices ring, one answers', [
    ...both,
    connect('ben/2'),
    call('ada', 'ben', 'ringing'),
    respond('ben/2', 'ada', 'accept'),
    hangUp('ada', 'ben'),
  ]),
  script('two-devices-denied', '3, rule 1', 'Two devices ring, one denies', [
    ...both,
    connect('ben/2'),
    call('ada', 'ben', 'ringing'),
    respond('ben', 'ada', 'deny'),
  ]),
  script(
    'late-device',
    '3, rule 1',
    'A device connects while it rings, is given call and candidates, and answers',
    [
      ...both,
      call('ada', 'ben', 'ringing'),
      candidate('ada', 'ben'),
      connect('ben/2'),
      respond('ben/2', 'ada', 'accept'),
    ],
  ),
  script('no-call', '3', 'Answers, candidates and hang-ups without a call', [
    ...both,
    respond('ada', 'ben', 'accept'),
    candidate('ada', 'ben'),
    hangUp('ada', 'ben'),
  ]),
  script('false-sender', '3', 'The sender of each message is somebody else', [
    ...both,
    ['ada', { ...call('cyd', 'ben')[1] }],
    ['ada', { ...respond('cyd', 'ben', 'accept')[1] }],
    ['ada', { ...candidate('cyd', 'ben')[1] }],
    ['ada', { ...hangUp('cyd', 'ben')[1] }],
  ]),
  script('not-connected', '3', 'Messages before connect', [
    call('ada', 'ben'),
    respond('ada', 'ben', 'accept'),
    candidate('ada', 'ben'),
    hangUp('ada', 'ben'),
    connect('ada'),
  ]),
]
