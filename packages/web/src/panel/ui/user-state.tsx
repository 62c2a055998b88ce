import type { UserPresence } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { Tag, type Tone } from './tag.js'

export interface UserStateProps {
  readonly isDisabled: boolean
  readonly presence: UserPresence
}

const tones: Readonly<Record<UserPresence, Tone>> = {
  present: 'good',
  in_call: 'busy',
  away: 'quiet',
  unknown: 'quiet',
}

/** Whether somebody can be called. */
export function UserState({ isDisabled, presence }: UserStateProps) {
  const { users: t } = useTexts()
  if (isDisabled) return <Tag tone="bad">{t.disabled}</Tag>
  return <Tag tone={tones[presence]}>{t[presence]}</Tag>
}
