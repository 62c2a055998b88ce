import { Dialog } from '../../parts/dialog.js'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'
import { DeviceChoices } from '../device-choices.js'
import { useAction } from '../use-action.js'

/** Another microphone, camera or speaker, while the call goes on. */
export function DevicesDialog({ line, onClose }: { readonly line: Line; readonly onClose: () => void }) {
  const { devices, texts } = useApp()
  const act = useAction()
  return (
    <Dialog title={texts.value.devices.title} onClose={onClose}>
      <DeviceChoices
        onChoice={(kind, id) => {
          if (kind === 'audiooutput') return
          const medium = kind === 'audioinput' ? 'audio' : 'video'
          if (medium === 'video' && !line.isCameraOn.value) return
          const deviceId = id || devices.of(kind)[0]?.deviceId
          if (deviceId !== undefined) act(() => line.use(medium, deviceId))
        }}
      />
    </Dialog>
  )
}
