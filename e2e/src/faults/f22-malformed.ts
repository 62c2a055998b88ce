import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { Device } from '../device.js'
import { chance, count, freshSeed, millis, seconds } from './figures.js'
import { inspect, inspected } from './inspector.js'
import { residentOf } from './processes.js'
import { startPulse } from './pulse.js'
import { alone, must, type Scenario } from './scenario.js'
import { inTurns, onStage } from './stage.js'

const sizes = {
  quick: { warmUp: 2_000, messages: 10_000, frames: 100, sockets: 4 },
  full: { warmUp: 50_000, messages: 1_000_000, frames: 20_000, sockets: 16 },
}
/** MiB in use after a full collection, and resident, which V8 keeps or gives back as it likes. */
const growsByAtMost = { used: 5, resident: 48 }

/** Messages that are no messages, and frames that are no frames: only the socket that sends them hears of it. */
export const malformed: Scenario = {
  id: 'F22',
  title: 'malformed frames, JSON and SDP',
  run: async size => {
    const { warmUp, messages, frames, sockets } = sizes[size]
    const seed = freshSeed()
    const random = chance(seed)
    return onStage({ node: inspected }, async stage => {
      const { pid } = stage.product
      const inspector = await inspect(stage.product)
      stage.after(inspector.close)
      const memory = async () => ({ used: await inspector.inUse(), resident: await residentOf(pid) })
      const pulse = await startPulse(stage)
      const [victim, ...senders] = await stage.devices(sockets + 1)
      if (!victim) throw new Error('no device')
      await spoil(senders, victim, warmUp, random)
      const before = await memory()
      const since = performance.now()
      await spoil(senders, victim, messages, random)
      const took = performance.now() - since
      const codes = new Map<number, number>()
      await inTurns(frames, 8, async () => {
        const code = await breakFraming(stage.product.signal, random)
        codes.set(code, (codes.get(code) ?? 0) + 1)
      })
      const after = await memory()
      const grown = after.used - before.used
      const delivered = await victim.fence()
      must(delivered.length === 0, `seed ${seed}: something was delivered: ${JSON.stringify(delivered[0])}`)
      const beats = await pulse.stop()
      must(stage.product.pid === pid, 'the server was replaced')
      must((await stage.rest('GET', '/health/ready')).status === 200, `seed ${seed}: not ready any more`)
      must(
        after.resident - before.resident <= growsByAtMost.resident,
        `seed ${seed}: resident memory went from ${before.resident.toFixed(0)} to ${after.resident.toFixed(0)} MiB`,
      )
      must(grown <= growsByAtMost.used, `seed ${seed}: memory in use grew by ${grown.toFixed(1)} MiB`)
      const closes = [...codes].sort(([a], [b]) => a - b).map(([code, times]) => `${code || 'cut'}: ${times}`)
      return [
        `${count(messages)} malformed messages in ${seconds(took, 1)}, each answered`,
        `${count(frames)} broken frames, closed with ${closes.join(', ')}`,
        'nothing delivered to anybody, same process',
        `memory in use ${grown < 0 ? '' : '+'}${grown.toFixed(1)} MiB, resident ${before.resident.toFixed(0)} and then ${after.resident.toFixed(0)} MiB`,
        `a call beside it p99 ${millis(beats.within(0.99))}`,
      ].join(', ')
    })
  },
}

type Chance = ReturnType<typeof chance>

/** Every malformed message is answered by exactly one error, for it does nothing. */
async function spoil(
  senders: readonly Device[],
  victim: Device,
  messages: number,
  random: Chance,
): Promise<void> {
  const perFence = 100
  await Promise.all(
    senders.map(async sender => {
      for (let sent = 0; sent < messages / senders.length; sent += perFence) {
        for (let n = 0; n < perFence; n++) sender.wire.sendText(malformedMessage(victim.number, random))
        const answers = await sender.fence()
        const errors = answers.filter(({ REASON }) => REASON === 'error').length
        must(errors === perFence, `seed ${random.seed}: ${errors} errors for ${perFence} malformed messages`)
      }
    }),
  )
}

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** A message with at least one fault in it. */
function malformedMessage(to: string, random: Chance): string {
  const call = `{"REASON":"call","RECEIVER_PHONE_NUMBER":"${to}","SDP":"v=0"}`
  switch (random.below(14)) {
    case 0:
      return call.slice(0, 1 + random.below(call.length - 1))
    case 1:
      return `{"REASON":"call","RECEIVER_PHONE_NUMBER":"${to}","SDP":${deep(9 + random.below(2_000))}}`
    case 2:
      return `{"REASON":"call","RECEIVER_PHONE_NUMBER":"${to}"}`
    case 3:
      return `{"REASON":"${randomBytes(6).toString('hex')}","RECEIVER_PHONE_NUMBER":"${to}"}`
    case 4:
      return `{"REASON":"call","RECEIVER_PHONE_NUMBER":${random.below(1e9)},"SDP":"v=0"}`
    case 5:
      return `{"REASON":"call","RECEIVER_PHONE_NUMBER":"${['*', '>', '1.2.x', '', '１２３'][random.below(5)]}","SDP":"v=0"}`
    case 6:
      return `{"REASON":"call","REASON":"HangUp","RECEIVER_PHONE_NUMBER":"${to}","SDP":"v=0"}`
    case 7:
      return `{"REASON":"callResponse","RESPONSE":"perhaps","RECEIVER_PHONE_NUMBER":"${to}","SDP":"v=0"}`
    case 8:
      return randomBytes(1 + random.below(200)).toString('latin1')
    case 9:
      return `{"REASON":"call","RECEIVER_PHONE_NUMBER":"${to}","SDP":"${'a=x'.repeat(11_000 + random.below(500))}"}`
    case 10:
      return `{"__proto__":{"REASON":"call"},"RECEIVER_PHONE_NUMBER":"${to}","SDP":"v=0"}`
    case 11:
      return `{"REASON":"ICECandidate","RECEIVER_PHONE_NUMBER":"${to}","CANDIDATE":"${'c'.repeat(2_049)}"}`
    case 12:
      return `{${Array.from({ length: 40 }, (_, n) => `"k${n}":1`).join(',')}}`
    default:
      return `{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"${to}","ID":"${'i'.repeat(65)}"}`
  }
}

/** Opens a WebSocket by hand, breaks RFC 6455 in it, and tells the code that it is closed with; 0 when it is just cut. */
function breakFraming(url: string, random: Chance): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const mask = Buffer.from([1, 2, 3, 4])
  const header = (first: number, second: number, ...more: number[]) =>
    Buffer.concat([Buffer.from([first, second, ...more]), mask])
  const broken = [
    Buffer.from([0x81, 0x02, 0x7b, 0x7d]), // not masked
    header(0xf1, 0x80), // reserved bits
    header(0x83, 0x80), // an opcode that does not exist
    header(0x09, 0x80), // a ping in pieces
    header(0x89, 0xfe, 0x01, 0x00), // a ping that is too long
    header(0x80, 0x80), // a continuation of nothing
    header(0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), // a length of 2^63
    header(0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1), // over 64 KiB
    Buffer.concat([header(0x81, 0x82), Buffer.from([0xff ^ 1, 0xfe ^ 2])]), // no UTF-8
    Buffer.concat([header(0x88, 0x82), Buffer.from([0x03 ^ 1, 0xed ^ 2])]), // closed with 1005
    randomBytes(2 + random.below(60)),
  ]
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const patience = setTimeout(() => socket.destroy(new Error('a broken frame closed nothing')), 12_000)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (chunks.length === 1) socket.write(broken[random.below(broken.length)] ?? mask)
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(0) : reject(error),
    )
    socket.on('close', () => {
      clearTimeout(patience)
      const all = Buffer.concat(chunks)
      const body = all.subarray(all.indexOf('\r\n\r\n') + 4)
      const at = body.lastIndexOf(0x88)
      resolve(at === -1 || body.length < at + 4 ? 0 : body.readUInt16BE(at + 2))
    })
    socket.write(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
  })
}

await alone(import.meta.url, malformed)
