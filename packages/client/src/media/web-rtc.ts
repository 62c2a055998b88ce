import { MediaError } from '../errors.js'
import { capture, captureDevice } from './capture.js'
import type { Candidate, Description, Media, MediaHooks, MediaSession } from './media.js'
import { readStats } from './stats.js'

/** What is taken from the platform; a polyfill such as React Native's may be given instead. */
export interface WebRtcParts {
  readonly RTCPeerConnection: typeof RTCPeerConnection
  readonly mediaDevices: Pick<MediaDevices, 'getUserMedia'>
}

/** Media by the browser's own peer connections. */
export function webRtc(given: Partial<WebRtcParts> = {}): Media {
  return {
    async open({ wanted, iceServers, hooks, localStream }) {
      const { RTCPeerConnection, mediaDevices } = parts(given)
      const stream = (localStream as MediaStream | undefined) ?? (await capture(mediaDevices, wanted))
      const connection = new RTCPeerConnection({
        iceServers: iceServers as RTCIceServer[],
        bundlePolicy: 'max-bundle',
      })
      listen(connection, hooks)
      for (const track of stream.getTracks()) connection.addTrack(track, stream)
      // Who sends nothing of a kind may hear and see it all the same.
      for (const kind of ['audio', 'video'] as const)
        if (wanted[kind] && !stream.getTracks().some(track => track.kind === kind))
          connection.addTransceiver(kind)
      return sessionOf(connection, stream, mediaDevices)
    },
  }
}

function parts(given: Partial<WebRtcParts>): WebRtcParts {
  const platform = globalThis as Partial<typeof globalThis>
  const RTCPeerConnection = given.RTCPeerConnection ?? platform.RTCPeerConnection
  const mediaDevices = given.mediaDevices ?? platform.navigator?.mediaDevices
  if (!RTCPeerConnection || !mediaDevices)
    throw new MediaError('unsupported', {
      message: 'there is no WebRTC here, or the page is not served by https',
    })
  return { RTCPeerConnection, mediaDevices }
}

function listen(connection: RTCPeerConnection, hooks: MediaHooks) {
  let relays = 0
  let refusals = 0
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.type === 'relay') relays++
    if (!candidate && refusals > 0 && relays === 0)
      hooks.warning(
        new MediaError('no_relay', { message: 'no TURN server gave a relay: it refuses the credentials' }),
      )
    hooks.candidate(candidate?.toJSON() ?? null)
  }
  connection.onicecandidateerror = ({ errorCode }) => {
    if (errorCode === 401) refusals++
  }
  connection.onnegotiationneeded = () => hooks.negotiationNeeded()
  connection.onconnectionstatechange = () => {
    const { connectionState } = connection
    if (connectionState === 'connected') hooks.state('up')
    else if (connectionState === 'disconnected') hooks.state('down')
    else if (connectionState === 'failed') hooks.state('failed')
  }
  const remote = new MediaStream()
  connection.ontrack = ({ track }) => {
    remote.addTrack(track)
    hooks.remoteStream(remote)
  }
}

function sessionOf(
  connection: RTCPeerConnection,
  stream: MediaStream,
  mediaDevices: WebRtcParts['mediaDevices'],
): MediaSession {
  const directions = new Map<RTCRtpTransceiver, RTCRtpTransceiverDirection>()
  const senderOf = (kind: string) => connection.getSenders().find(({ track }) => track?.kind === kind)
  const local = (): Description => {
    const { type, sdp } = connection.localDescription ?? {}
    return { type: type === 'answer' ? 'answer' : 'offer', sdp: sdp ?? '' }
  }
  return {
    localStream: stream,
    async offer({ restartIce }) {
      if (restartIce) connection.restartIce()
      await connection.setLocalDescription(await connection.createOffer())
      return local()
    },
    async answer(offer) {
      await connection.setRemoteDescription(offer)
      await connection.setLocalDescription(await connection.createAnswer())
      return local()
    },
    takeAnswer: answer => connection.setRemoteDescription(answer),
    rollback: () => connection.setLocalDescription({ type: 'rollback' }),
    addCandidate: candidate => connection.addIceCandidate(candidateOf(candidate)),
    setIceServers: servers => {
      connection.setConfiguration({ ...connection.getConfiguration(), iceServers: servers as RTCIceServer[] })
    },
    mute(kind, muted) {
      for (const track of stream.getTracks()) if (track.kind === kind) track.enabled = !muted
    },
    hold(held) {
      for (const transceiver of connection.getTransceivers()) {
        if (held) {
          directions.set(transceiver, transceiver.direction)
          transceiver.direction = 'inactive'
        } else transceiver.direction = directions.get(transceiver) ?? 'sendrecv'
      }
    },
    async switchDevice(kind, deviceId) {
      const track = await captureDevice(mediaDevices, kind, deviceId)
      const before = stream.getTracks().find(each => each.kind === kind)
      if (before) {
        track.enabled = before.enabled
        before.stop()
        stream.removeTrack(before)
      }
      stream.addTrack(track)
      const sender = senderOf(kind)
      if (sender) await sender.replaceTrack(track)
      else connection.addTrack(track, stream)
    },
    sendDigits(digits) {
      const { dtmf } = senderOf('audio') ?? {}
      if (!dtmf) throw new MediaError('unsupported', { message: 'there is no audio that could carry tones' })
      dtmf.insertDTMF(digits)
    },
    stats: async () => readStats(await connection.getStats()),
    close(keepLocal) {
      connection.close()
      if (!keepLocal) for (const track of stream.getTracks()) track.stop()
    },
  }
}

/** The end of candidates, in whatever way a client writes it. */
const candidateOf = (candidate: Candidate): RTCIceCandidateInit | null =>
  typeof candidate === 'string' ? { candidate, sdpMid: '0', sdpMLineIndex: 0 } : candidate
