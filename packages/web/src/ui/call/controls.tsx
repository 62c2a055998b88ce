import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon, type IconName } from '../../parts/icon.js'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'
import { useAction } from '../use-action.js'

interface ControlProps {
  readonly icon: IconName
  readonly label: string
  readonly isOn?: boolean
  readonly isDisabled?: boolean
  readonly onPress: () => void
}

function Control({ icon, label, isOn, isDisabled = false, onPress }: ControlProps) {
  return (
    <button type="button" class="control" aria-pressed={isOn} disabled={isDisabled} onClick={onPress}>
      <span class="control-face">
        <Icon name={icon} />
      </span>
      <span class="control-label">{label}</span>
    </button>
  )
}

export interface ControlsProps {
  readonly line: Line
  readonly screen: RefObject<HTMLElement | null>
  readonly showsKeys: boolean
  readonly onKeys: () => void
  readonly onDevices: () => void
}

export function Controls({ line, screen, showsKeys, onKeys, onDevices }: ControlsProps) {
  const { preferences, devices, texts } = useApp()
  const t = texts.value.call
  const act = useAction()
  const [isFull, setFull] = useState(false)
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  const { isMuted, isCameraOn, isHeld, phase, hasPicture } = line
  const isOn = phase.value === 'connected' || phase.value === 'reconnecting'

  /** A camera in the middle of a call is asked for by its id. */
  async function toggleCamera() {
    if (isCameraOn.value) return line.camera(false, '')
    await devices.refresh()
    const [first] = devices.of('videoinput')
    await line.camera(true, preferences.camera.value || (first?.deviceId ?? ''))
  }
  const toggleFull = () =>
    act(async () => (isFull ? document.exitFullscreen() : screen.current?.requestFullscreen()))

  return (
    <div class="controls">
      <Control
        icon={isMuted.value ? 'microphoneOff' : 'microphone'}
        label={t.mute}
        isOn={isMuted.value}
        onPress={() => line.mute(!isMuted.value)}
      />
      <Control
        icon={isCameraOn.value ? 'video' : 'videoOff'}
        label={t.camera}
        isOn={isCameraOn.value}
        isDisabled={!isOn}
        onPress={() => act(toggleCamera)}
      />
      <Control
        icon="hold"
        label={t.hold}
        isOn={isHeld.value}
        isDisabled={!isOn}
        onPress={() => line.hold(!isHeld.value)}
      />
      <Control icon="keypad" label={t.digits} isOn={showsKeys} isDisabled={!isOn} onPress={onKeys} />
      <Control icon="devices" label={t.devices} isDisabled={!isOn} onPress={onDevices} />
      {hasPicture.value && document.fullscreenEnabled && (
        <Control
          icon="fullScreen"
          label={isFull ? t.leaveFullScreen : t.fullScreen}
          isOn={isFull}
          onPress={toggleFull}
        />
      )}
      <button type="button" class="control hang-up" onClick={() => line.call.hangUp()}>
        <span class="control-face">
          <Icon name="hangUp" />
        </span>
        <span class="control-label">{t.hangUp}</span>
      </button>
    </div>
  )
}
