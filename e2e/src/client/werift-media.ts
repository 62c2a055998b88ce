import type { Description, Media, MediaHooks, MediaSession } from '@switchboard/client'
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket } from 'werift'

/** Media for the SDK in Node: real ICE, DTLS and SRTP, over loopback unless told otherwise, with packets that a test counts. */
export interface WeriftMedia extends Media {
  /** Sends so many packets of audio into every session that is open. */
  sendAudio(packets: number): void
  /** Resolves at the next packet that the newest session receives. */
  flows(): Promise<void>
  /** Sessions that were opened so far. */
  readonly opened: number
  /** The newest session says that its connection failed. */
  fail(): void
  /** How often ICE was to be restarted. */
  readonly restarts: number
  /** The other side's candidates, as they came. */
  readonly remoteCandidates: readonly string[]
}

export interface WeriftOptions {
  /** The only address of this machine that the other side hears of. */
  readonly address?: string
}

const opus = { payloadType: 111, samplesOf20Ms: 960, bytes: 80 }

export function weriftMedia({ address = '127.0.0.1' }: WeriftOptions = {}): WeriftMedia {
  const sessions: { send(packets: number): void; received: number; hooks: MediaHooks }[] = []
  const remoteCandidates: string[] = []
  let restarts = 0
  let heard = () => {}
  const newest = () => sessions.at(-1)

  async function open({
    iceServers,
    hooks,
    localStream,
  }: Parameters<Media['open']>[0]): Promise<MediaSession> {
    const connection = new RTCPeerConnection({
      iceServers: iceServers.flatMap(({ urls, ...more }) => urls.map(url => ({ urls: url, ...more }))),
      iceAdditionalHostAddresses: [address],
      iceUseIpv6: false,
      bundlePolicy: 'max-bundle',
    })
    const track = (localStream as MediaStreamTrack | undefined) ?? new MediaStreamTrack({ kind: 'audio' })
    const own = { hooks, received: 0, send: (packets: number) => send(track, packets) }
    sessions.push(own)
    const transceiver = () => connection.getTransceivers()[0]
    connection.onTrack.subscribe(remote => {
      hooks.remoteStream(remote)
      remote.onReceiveRtp.subscribe(() => {
        own.received++
        if (own === newest()) heard()
      })
    })
    connection.onIceCandidate.subscribe(candidate => {
      if (!candidate) hooks.candidate(null)
      else if (candidate.candidate.includes(` ${address} `)) hooks.candidate(candidate.toJSON())
    })
    connection.connectionStateChange.subscribe(state => {
      if (state === 'connected') hooks.state('up')
      else if (state === 'disconnected') hooks.state('down')
      else if (state === 'failed') hooks.state('failed')
    })
    const described = ({ type, sdp }: { type: string; sdp: string }): Description => ({
      type: type === 'answer' ? 'answer' : 'offer',
      sdp,
    })
    let tracked = false
    let isHeld = false
    const addTrack = () => {
      if (!tracked) connection.addTrack(track)
      tracked = true
      transceiver()?.setDirection(isHeld ? 'inactive' : 'sendrecv')
    }
    /** It resolves when gathering is over, which no description waits for. */
    const apply = (description: Parameters<typeof connection.setLocalDescription>[0] & Description) => {
      connection.setLocalDescription(description).catch(error => hooks.warning(error))
      return described(description)
    }
    return {
      localStream: track,
      async offer({ restartIce }) {
        if (restartIce) restarts++
        addTrack()
        // werift agrees on a restart and then checks no pair: here it is a restart that does not help.
        return apply((await connection.createOffer()) as Description)
      },
      async answer(offer) {
        await connection.setRemoteDescription(offer)
        addTrack()
        return apply((await connection.createAnswer()) as Description)
      },
      takeAnswer: answer => connection.setRemoteDescription(answer),
      rollback: async () => void (await connection.setLocalDescription({ type: 'rollback' })),
      addCandidate: async candidate => {
        if (candidate === null) return
        remoteCandidates.push(JSON.stringify(candidate))
        await connection.addIceCandidate(candidate as never)
      },
      setIceServers() {},
      mute(_, muted) {
        track.enabled = !muted
      },
      hold(held) {
        isHeld = held
        if (tracked) addTrack()
        hooks.negotiationNeeded()
      },
      switchDevice: async () => {},
      sendDigits() {},
      stats: async () => ({ roundTripMs: 1, packetsReceived: own.received, packetsLost: 0, relayed: false }),
      close: () => void connection.close(),
    }
  }

  return {
    open,
    sendAudio: packets => {
      for (const session of sessions) session.send(packets)
    },
    flows: () =>
      new Promise(resolve => {
        heard = resolve
      }),
    remoteCandidates,
    get opened() {
      return sessions.length
    },
    fail: () => newest()?.hooks.state('failed'),
    get restarts() {
      return restarts
    },
  }
}

function send(track: MediaStreamTrack, packets: number) {
  for (let n = 1; n <= packets; n++) {
    const header = new RtpHeader({
      sequenceNumber: n,
      timestamp: n * opus.samplesOf20Ms,
      payloadType: opus.payloadType,
    })
    track.writeRtp(new RtpPacket(header, Buffer.alloc(opus.bytes, n)))
  }
}
