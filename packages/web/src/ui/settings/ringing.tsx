import { useState } from 'preact/hooks'
import { useApp } from '../../state/app.js'
import { Toggle } from './section.js'

export function Ringing() {
  const { preferences, texts } = useApp()
  const { settings: t, alerts } = texts.value
  const [permission, setPermission] = useState(
    'Notification' in globalThis ? Notification.permission : 'denied',
  )
  return (
    <>
      <Toggle
        label={t.rings}
        isOn={preferences.rings.value}
        onChange={on => {
          preferences.rings.value = on
        }}
      />
      <div class="toggle">
        <span class="toggle-text">
          <span>{t.notifications}</span>
          {permission !== 'default' && (
            <span class="hint">{permission === 'granted' ? t.notificationsOn : t.notificationsOff}</span>
          )}
        </span>
        {permission === 'default' && (
          <button
            type="button"
            class="button small tinted"
            onClick={() => void Notification.requestPermission().then(setPermission)}
          >
            {alerts.allow}
          </button>
        )}
      </div>
    </>
  )
}
