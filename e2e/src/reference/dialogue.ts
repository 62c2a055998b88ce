import { downReference, upReference } from '@switchboard/protocol/reference'

export type Party = 'caller' | 'callee' | 'stranger'

/** A message of the server that somebody must hear. */
export interface Heard {
  readonly by: Party
  readonly message: string
  readonly example: string
  /** Members in which this one differs from the example. */
  readonly but?: Readonly<Record<string, unknown>>
}

export interface Turn {
  readonly by: Party
  /** What happens before it is sent. */
  readonly first?: 'loses its socket'
  readonly message: string
  readonly example: string
  readonly heard: readonly Heard[]
}

type UpName = keyof typeof upReference
type DownName = keyof typeof downReference

const says = <Name extends UpName>(
  by: Party,
  message: Name,
  example: keyof (typeof upReference)[Name]['examples'] & string,
  ...heard: readonly Heard[]
): Turn => ({ by, message, example, heard })

const hears = <Name extends DownName>(
  by: Party,
  message: Name,
  example: keyof (typeof downReference)[Name]['examples'] & string,
  but?: Heard['but'],
): Heard => ({ by, message, example, ...(but && { but }) })

/** Every example of every message: two calls between two people, one taken and one refused. */
export const dialogue: readonly Turn[] = [
  says('stranger', 'HangUp', 'plain', hears('stranger', 'error', 'notConnected')),
  says('caller', 'connect', 'first', hears('caller', 'connected', 'fresh')),
  says('callee', 'connect', 'first', hears('callee', 'connected', 'fresh', { PHONE_NUMBER: '1212121212' })),
  says('caller', 'call', 'plain', hears('callee', 'call', 'incoming'), hears('caller', 'ringing', 'first')),
  says('caller', 'ICECandidate', 'text', hears('callee', 'ICECandidate', 'text')),
  says('caller', 'ICECandidate', 'object', hears('callee', 'ICECandidate', 'object')),
  says('caller', 'ICECandidate', 'end', hears('callee', 'ICECandidate', 'end')),
  says('callee', 'callResponse', 'accept', hears('caller', 'callResponse', 'accept')),
  {
    ...says('caller', 'connect', 'resuming', hears('caller', 'connected', 'resumed')),
    first: 'loses its socket',
  },
  says('caller', 'HangUp', 'plain', hears('callee', 'HangUp', 'hungUp')),
  says('caller', 'HangUp', 'acknowledged', hears('caller', 'error', 'noCall')),
  says(
    'caller',
    'call',
    'acknowledged',
    hears('callee', 'call', 'incoming', { SEQ: 6 }),
    hears('caller', 'ack', 'call'),
    hears('caller', 'ringing', 'first', { SEQ: 5 }),
  ),
  says(
    'callee',
    'callResponse',
    'deny',
    hears('caller', 'callResponse', 'deny'),
    hears('callee', 'ack', 'call', { ID: '9', SEQ: 7 }),
  ),
]

interface Exampled {
  readonly examples: Readonly<Record<string, { readonly message: Readonly<Record<string, unknown>> }>>
}

const exampleIn = (references: Readonly<Record<string, Exampled>>, message: string, name: string) =>
  references[message]?.examples[name]?.message ?? {}

/** What is sent, as the reference has it. */
export const sentExample = ({ message, example }: Turn) => exampleIn(upReference, message, example)

/** What must be heard, as the reference has it. */
export const heardExample = ({ message, example, but }: Heard): Readonly<Record<string, unknown>> => ({
  ...exampleIn(downReference, message, example),
  ...but,
})
