import { useTexts } from '../state/panel.js'
import type { UserRow } from '../state/views.js'
import { Tag } from './tag.js'

export function UserState({ isDisabled, present }: Pick<UserRow, 'isDisabled' | 'present'>) {
  const { users: t } = useTexts()
  if (isDisabled) return <Tag tone="bad">{t.disabled}</Tag>
  return present ? <Tag tone="good">{t.present}</Tag> : <Tag tone="quiet">{t.away}</Tag>
}
