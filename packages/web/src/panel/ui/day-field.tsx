import { useId } from 'preact/hooks'
import { usePanel } from '../state/panel.js'

export function DayField({ name, label }: { readonly name: string; readonly label: string }) {
  const { route } = usePanel()
  const id = useId()
  return (
    <div class="filter">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={route.place.value.query.get(name) ?? ''}
        onChange={({ currentTarget }) => route.refine({ [name]: currentTarget.value, cursor: undefined })}
      />
    </div>
  )
}
