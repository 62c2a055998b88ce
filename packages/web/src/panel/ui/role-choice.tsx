import { type Role, roles } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'

/** Which role, and what each may. */
export function RoleChoice({ initial }: { readonly initial: Role }) {
  const { administrators: t, roles: names, roleHints } = useTexts()
  return (
    <fieldset class="role-choice">
      <legend>{t.role}</legend>
      {roles.map(role => (
        <label key={role}>
          <input type="radio" name="role" value={role} defaultChecked={role === initial} />
          <span>
            <b>{names[role]}</b> <span class="hint">{roleHints[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
