import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.js'
import { useApp } from '../state/app.js'

/** What somebody should know before they call. */
export function Notices() {
  const { session, preferences, devices, texts } = useApp()
  const { alerts: t } = texts.value
  const [permission, setPermission] = useState(
    'Notification' in globalThis ? Notification.permission : 'denied',
  )
  const asks = permission === 'default' && !preferences.alertsAsked.value
  const answered = () => {
    preferences.alertsAsked.value = true
  }
  return (
    <div class="notices">
      <p role="status" class={session.isOnline.value ? 'unseen' : 'notice warning'}>
        {!session.isOnline.value && (
          <>
            <Icon name="warning" />
            {t.offline}
          </>
        )}
      </p>
      {!devices.isSupported && (
        <p class="notice warning">
          <Icon name="warning" />
          {t.insecure}
        </p>
      )}
      {asks && (
        <div class="notice">
          <Icon name="bell" />
          <div>
            <p>{t.title}</p>
            <div class="notice-actions">
              <button
                type="button"
                class="button small primary"
                onClick={() => {
                  answered()
                  void Notification.requestPermission().then(setPermission)
                }}
              >
                {t.allow}
              </button>
              <button type="button" class="button small plain" onClick={answered}>
                {t.later}
              </button>
            </div>
          </div>
        </div>
      )}
    </div>
  )
}
