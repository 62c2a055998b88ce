import { type Media, webRtc } from '@switchboard/client'
import type { Preferences } from './preferences.js'

/** A constraint with the device that was chosen; another one is better than none when it is not there any more. */
const choose = (wanted: boolean | MediaTrackConstraints | undefined, id: string) =>
  wanted === true && id !== '' ? { deviceId: { ideal: id } } : (wanted ?? false)

/** The browser's own media, with the devices and the ways that somebody chose. */
export function chosenMedia({ microphone, camera, relayOnly }: Preferences): Media {
  return {
    open: options => {
      const { mediaDevices } = navigator as { mediaDevices?: MediaDevices }
      const getUserMedia = (constraints: MediaStreamConstraints = {}) =>
        (mediaDevices as MediaDevices).getUserMedia({
          audio: choose(constraints.audio, microphone.value),
          video: choose(constraints.video, camera.value),
        })
      return webRtc({
        ...(mediaDevices && { mediaDevices: { getUserMedia } }),
        ...(relayOnly.value && { RTCPeerConnection: relayed() }),
      }).open(options)
    },
  }
}

/** Made when it is needed: the page may be one that has no peer connections. */
function relayed(): typeof RTCPeerConnection {
  return class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: 'relay' })
    }
  }
}
