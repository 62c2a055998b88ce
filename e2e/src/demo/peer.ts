import { MediaStreamTrack, type RTCDataChannel, RTCPeerConnection, RtpHeader, RtpPacket } from 'werift'

/** One end of a WebRTC connection: a data channel and an audio track, over loopback, without STUN or TURN. */
export interface Peer {
  /** ICE and DTLS are through. */
  readonly connected: Promise<void>
  /** The data channel is open. */
  readonly channelOpen: Promise<void>
  offer(): Promise<string>
  answer(offer: string): Promise<string>
  takeAnswer(answer: string): Promise<void>
  /** Begins to gather candidates; each goes to `onCandidate`, null after the last. */
  gather(): Promise<void>
  takeCandidate(candidate: unknown): Promise<void>
  send(text: string): void
  onText(listener: (text: string) => void): void
  /** Sends so many packets of 20 ms of audio each. */
  sendAudio(packets: number): void
  audioReceived(): number
  close(): Promise<void>
}

const opusPayloadType = 111
const samplesOf20Ms = 960
const audioBytes = 80

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}

export function createPeer(onCandidate: (candidate: object | null) => void): Peer {
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceUseIpv6: false,
    bundlePolicy: 'max-bundle',
  })
  const audio = new MediaStreamTrack({ kind: 'audio' })
  const connected = deferred()
  const channelOpen = deferred()
  const heard: ((text: string) => void)[] = []
  let channel: RTCDataChannel | undefined
  let local: Parameters<typeof connection.setLocalDescription>[0]
  let received = 0

  const adopt = (opened: RTCDataChannel) => {
    channel = opened
    opened.onMessage.subscribe(text => {
      for (const listener of heard) listener(text.toString())
    })
    if (opened.readyState === 'open') channelOpen.resolve()
    opened.stateChanged.subscribe(state => {
      if (state === 'open') channelOpen.resolve()
    })
  }
  connection.connectionStateChange.subscribe(state => {
    if (state === 'connected') connected.resolve()
  })
  connection.onDataChannel.subscribe(adopt)
  connection.onTrack.subscribe(track => {
    track.onReceiveRtp.subscribe(() => {
      received++
    })
  })
  connection.onIceCandidate.subscribe(candidate => {
    // Loopback alone: the demo must not depend on the machine's network.
    if (!candidate) onCandidate(null)
    else if (candidate.candidate.includes(' 127.0.0.1 ')) onCandidate(candidate.toJSON())
  })

  return {
    connected: connected.promise,
    channelOpen: channelOpen.promise,
    offer: async () => {
      adopt(connection.createDataChannel('demo'))
      connection.addTrack(audio)
      const offer = await connection.createOffer()
      local = offer
      return offer.sdp
    },
    answer: async offer => {
      await connection.setRemoteDescription({ type: 'offer', sdp: offer })
      connection.addTrack(audio)
      const answer = await connection.createAnswer()
      local = answer
      return answer.sdp
    },
    takeAnswer: answer => connection.setRemoteDescription({ type: 'answer', sdp: answer }),
    gather: async () => void (await connection.setLocalDescription(local)),
    takeCandidate: candidate =>
      connection.addIceCandidate(candidate as Parameters<typeof connection.addIceCandidate>[0]),
    send: text => channel?.send(text),
    onText: listener => void heard.push(listener),
    sendAudio: packets => {
      for (let n = 1; n <= packets; n++) {
        const header = new RtpHeader({
          sequenceNumber: n,
          timestamp: n * samplesOf20Ms,
          payloadType: opusPayloadType,
        })
        audio.writeRtp(new RtpPacket(header, Buffer.alloc(audioBytes, n)))
      }
    },
    audioReceived: () => received,
    close: () => connection.close(),
  }
}
