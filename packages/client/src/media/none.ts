import type { Description, Media } from './media.js'

/** Signaling only: calls ring, are answered and end, and carry nothing. */
export const noMedia: Media = {
  async open({ hooks }) {
    const described = (type: Description['type']): Description => ({ type, sdp: '' })
    return {
      localStream: undefined,
      offer: async () => described('offer'),
      async answer() {
        hooks.state('up')
        return described('answer')
      },
      takeAnswer: async () => hooks.state('up'),
      rollback: async () => {},
      addCandidate: async () => {},
      setIceServers() {},
      mute() {},
      hold: () => hooks.negotiationNeeded(),
      switchDevice: async () => {},
      sendDigits() {},
      stats: async () => undefined,
      close() {},
    }
  },
}
