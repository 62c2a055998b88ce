import type { Signal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { useApp } from '../state/app.js'
import { useAction } from './use-action.js'

interface ChoiceProps {
  readonly kind: MediaDeviceKind
  readonly label: string
  readonly chosen: Signal<string>
  readonly onChoice: DeviceChoicesProps['onChoice']
}

function Choice({ kind, label, chosen, onChoice }: ChoiceProps) {
  const { devices, texts } = useApp()
  const t = texts.value.devices
  const id = useId()
  const found = devices.of(kind)
  return (
    <div class="choice">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={found.some(({ deviceId }) => deviceId === chosen.value) ? chosen.value : ''}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value
          onChoice?.(kind, currentTarget.value)
        }}
      >
        <option value="">{t.standard}</option>
        {found
          .filter(({ deviceId }) => deviceId !== 'default' && deviceId !== 'communications')
          .map((device, index) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || t.nameless(index + 1)}
            </option>
          ))}
      </select>
    </div>
  )
}

export interface DeviceChoicesProps {
  readonly onChoice?: ((kind: MediaDeviceKind, deviceId: string) => void) | undefined
}

export function DeviceChoices({ onChoice }: DeviceChoicesProps) {
  const { preferences, devices, texts } = useApp()
  const t = texts.value.devices
  const act = useAction()
  useEffect(() => void devices.refresh(), [])
  const hasNames = devices.all.value.some(({ label }) => label !== '')
  const ask = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
    for (const track of stream.getTracks()) track.stop()
    await devices.refresh()
  }
  return (
    <div class="choices">
      <Choice kind="audioinput" label={t.microphone} chosen={preferences.microphone} onChoice={onChoice} />
      <Choice kind="videoinput" label={t.camera} chosen={preferences.camera} onChoice={onChoice} />
      {'setSinkId' in HTMLMediaElement.prototype && (
        <Choice kind="audiooutput" label={t.speaker} chosen={preferences.speaker} onChoice={onChoice} />
      )}
      {!hasNames && devices.isSupported && (
        <div>
          <p class="hint">{t.hint}</p>
          <button type="button" class="button small plain" onClick={() => act(ask)}>
            {t.ask}
          </button>
        </div>
      )}
    </div>
  )
}
