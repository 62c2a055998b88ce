import type { PartyView } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { Link } from './link.js'

/** Who called or was called: a link to the user, while there is one. */
export function Party({ userId, name, number }: PartyView) {
  const { users } = useTexts()
  const text = name ?? number ?? users.deleted
  return (
    <span class="party">
      {userId === null ? <span class="faint">{text}</span> : <Link href={`/users/${userId}`}>{text}</Link>}
      {name !== null && number !== null && <span class="party-number digits">{number}</span>}
    </span>
  )
}

export const partyText = ({ name, number }: PartyView, otherwise: string): string =>
  name ?? number ?? otherwise
