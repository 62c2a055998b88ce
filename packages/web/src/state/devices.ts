import { type Signal, signal } from '@preact/signals'

export interface Devices {
  readonly all: Signal<readonly MediaDeviceInfo[]>
  /** Whether this page may use microphones at all: browsers ask for https. */
  readonly isSupported: boolean
  of(kind: MediaDeviceKind): readonly MediaDeviceInfo[]
  refresh(): Promise<void>
}

export function createDevices(navigator: Navigator): Devices {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices }
  const all = signal<readonly MediaDeviceInfo[]>([])
  const refresh = async () => {
    all.value = (await mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  }
  mediaDevices?.addEventListener('devicechange', () => void refresh())
  return {
    all,
    isSupported: mediaDevices !== undefined,
    // Without permission a browser lists one of each kind, without an id.
    of: kind => all.value.filter(device => device.kind === kind && device.deviceId !== ''),
    refresh,
  }
}
