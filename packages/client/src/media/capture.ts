import { MediaError } from '../errors.js'
import type { Wanted } from './media.js'

type Devices = Pick<MediaDevices, 'getUserMedia'>

/** What getUserMedia says no with, and what it means. */
const codes: Readonly<Record<string, string>> = {
  NotAllowedError: 'device_refused',
  SecurityError: 'device_refused',
  NotFoundError: 'device_missing',
  OverconstrainedError: 'device_missing',
  NotReadableError: 'device_busy',
  AbortError: 'device_busy',
}

async function ask(devices: Devices, constraints: MediaStreamConstraints): Promise<MediaStream> {
  try {
    return await devices.getUserMedia(constraints)
  } catch (cause) {
    const { name = '', message = 'the device cannot be used' } = cause as Partial<Error>
    throw new MediaError(codes[name] ?? 'unsupported', { message, cause })
  }
}

/** Microphone and camera as they are wanted; a call that wants neither captures nothing. */
export const capture = (devices: Devices, { audio, video }: Wanted): Promise<MediaStream> =>
  audio || video ? ask(devices, { audio, video }) : Promise.resolve(new MediaStream())

/** One device, by its id. */
export async function captureDevice(devices: Devices, kind: 'audio' | 'video', deviceId: string) {
  const [track] = (await ask(devices, { [kind]: { deviceId: { exact: deviceId } } })).getTracks()
  if (!track) throw new MediaError('device_missing', { message: 'the device gives no track' })
  return track
}
