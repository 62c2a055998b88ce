import type { SettingsView } from '@switchboard/client'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../../state/app.js'
import { useAction } from '../use-action.js'
import { usePhone } from '../use-phone.js'
import { Toggle } from './section.js'

export function Privacy() {
  const { preferences, texts } = useApp()
  const t = texts.value.settings
  const { settings } = usePhone()
  const act = useAction()
  const [chosen, setChosen] = useState<SettingsView>()
  useEffect(() => act(async () => setChosen(await settings.get())), [settings])
  const change = (what: Partial<SettingsView>) => act(async () => setChosen(await settings.change(what)))
  return (
    <>
      <Toggle
        label={t.relayOnly}
        hint={t.relayOnlyHint}
        isOn={preferences.relayOnly.value}
        onChange={on => {
          preferences.relayOnly.value = on
        }}
      />
      {chosen && (
        <>
          <Toggle
            label={t.contactsOnly}
            hint={t.contactsOnlyHint}
            isOn={chosen.calls_from_contacts_only}
            onChange={on => change({ calls_from_contacts_only: on })}
          />
          <Toggle
            label={t.strangers}
            hint={t.strangersHint}
            isOn={chosen.relay_only_for_strangers}
            onChange={on => change({ relay_only_for_strangers: on })}
          />
        </>
      )}
    </>
  )
}
