import type { Description, Media, MediaSession } from '@switchboard/client'

type Werift = typeof import('werift')

/** Gives back what it gets; `relayOnly`: over a TURN server or not at all. */
export function echoMedia(werift: Werift, { relayOnly }: { readonly relayOnly: boolean }): Media {
  return {
    async open({ iceServers, hooks }): Promise<MediaSession> {
      const connection = new werift.RTCPeerConnection({
        iceServers: iceServers.flatMap(({ urls, ...more }) => urls.map(url => ({ urls: url, ...more }))),
        iceTransportPolicy: relayOnly ? 'relay' : 'all',
        iceAdditionalHostAddresses: ['127.0.0.1'],
        iceUseIpv6: false,
        bundlePolicy: 'max-bundle',
      })
      connection.onRemoteTransceiverAdded.subscribe(transceiver => {
        transceiver.setDirection('sendrecv')
        transceiver.onTrack.subscribe(track => {
          transceiver.sender.replaceTrack(track).catch(hooks.warning)
        })
      })
      connection.onIceCandidate.subscribe(found => {
        if (!found) hooks.candidate(null)
        else if (!relayOnly || found.candidate.includes(' typ relay')) hooks.candidate(found.toJSON())
      })
      connection.connectionStateChange.subscribe(state => {
        if (state === 'connected') hooks.state('up')
        else if (state === 'disconnected') hooks.state('down')
        else if (state === 'failed') hooks.state('failed')
      })
      /** Candidates follow by themselves: what is agreed on waits for none, and names none. */
      const answerTo = async (offer: Description): Promise<Description> => {
        await connection.setRemoteDescription(offer)
        const answer = await connection.createAnswer()
        connection.setLocalDescription(answer).catch(hooks.warning)
        return { type: 'answer', sdp: answer.sdp }
      }
      return {
        localStream: undefined,
        async offer() {
          const offer = await connection.createOffer()
          connection.setLocalDescription(offer).catch(hooks.warning)
          return { type: 'offer', sdp: offer.sdp }
        },
        async answer(offer) {
          if (/^m=/m.test(offer.sdp)) return answerTo(offer)
          hooks.state('up') // a client that tries signaling alone
          return { type: 'answer', sdp: '' }
        },
        takeAnswer: answer => connection.setRemoteDescription(answer),
        rollback: async () => void (await connection.setLocalDescription({ type: 'rollback' })),
        async addCandidate(candidate) {
          if (candidate !== null) await connection.addIceCandidate(candidate as never)
        },
        setIceServers() {},
        mute() {},
        hold() {},
        switchDevice: async () => {},
        sendDigits() {},
        stats: async () => undefined,
        close: () => void connection.close(),
      }
    },
  }
}
