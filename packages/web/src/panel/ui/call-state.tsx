import type { CallRow } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { textOf } from '../texts/name.js'
import { Tag, type Tone } from './tag.js'

const good = ['hung_up']
const bad = ['unavailable', 'no_answer', 'connection_lost', 'ended_by_admin']

const toneOf = (cause: string): Tone =>
  good.includes(cause) ? 'good' : bad.includes(cause) ? 'bad' : 'quiet'

/** How a call is, or how it ended. */
export function CallState({ state, cause }: Pick<CallRow, 'state' | 'cause'>) {
  const { calls: t } = useTexts()
  if (cause !== null) return <Tag tone={toneOf(cause)}>{textOf(t.causes, cause)}</Tag>
  return <Tag tone={state === 'established' ? 'good' : 'busy'}>{textOf(t.states, state)}</Tag>
}
