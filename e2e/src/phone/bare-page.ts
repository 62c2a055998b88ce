import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page of somebody who read the protocol alone: a WebSocket, a peer connection, and the five messages. */
const page = `<!doctype html><title>bare</title><script>
globalThis.bare = ({ signal, token, me, peer }) => {
  const socket = new WebSocket(signal)
  const heard = []
  let tell = () => {}
  const media = new RTCPeerConnection()
  let found = []
  let described = false
  const say = message => socket.send(JSON.stringify({ SENDER_PHONE_NUMBER: me, RECEIVER_PHONE_NUMBER: peer, ...message }))
  media.onicecandidate = ({ candidate }) => candidate && say({ REASON: 'ICECandidate', CANDIDATE: candidate })
  const describe = async (type, SDP) => {
    await media.setRemoteDescription({ type, sdp: SDP.sdp ?? SDP })
    described = true
    for (const candidate of found.splice(0)) await media.addIceCandidate(candidate)
  }
  const camera = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
    for (const track of stream.getTracks()) media.addTrack(track, stream)
  }
  socket.onopen = () => socket.send(JSON.stringify({ REASON: 'connect', TOKEN: token }))
  socket.onmessage = async ({ data }) => {
    const message = JSON.parse(data)
    if (message.REASON === 'call') {
      await camera()
      await describe('offer', message.SDP)
      await media.setLocalDescription()
      say({ REASON: 'callResponse', RESPONSE: 'accept', SDP: media.localDescription.sdp })
    }
    if (message.REASON === 'callResponse') await describe('answer', message.SDP)
    if (message.REASON === 'ICECandidate') {
      if (described) await media.addIceCandidate(message.CANDIDATE)
      else found.push(message.CANDIDATE)
    }
    heard.push(message.REASON)
    tell()
  }
  return {
    call: async () => {
      await camera()
      await media.setLocalDescription()
      say({ REASON: 'call', SDP: media.localDescription.sdp })
    },
    hangUp: () => say({ REASON: 'HangUp' }),
    hears: reason => new Promise(resolve => {
      tell = () => heard.includes(reason) && resolve()
      tell()
    }),
  }
}
</script>`

/** The page, at an origin of its own that the server has to let in. */
export async function serveBarePage() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  }
}
