import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openMailbox } from '../mailbox.js'
import { person } from '../people.js'
import { count, millis, seconds, Times } from './figures.js'
import { residentOf, until } from './processes.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage } from './stage.js'

const sizes = { quick: { requests: 30, downMs: 500 }, full: { requests: 1_000, downMs: 60_000 } }
/** A code lives ten minutes; mail that comes back is late by one wait of the worker at most. */
const arrivesWithinMs = 5 * 60_000 + 10_000
const growsByAtMost = 64

/** What a broken mail server does with a connection. */
type Fault = 'refuses' | 'hangs' | 'greylists'

/** The mail server is away, silent, or wants us to come back later. */
export const mailDown: Scenario = {
  id: 'F24',
  title: 'the mail server down, silent or greylisting',
  run: async size => {
    const { requests, downMs } = sizes[size]
    const lines: string[] = []
    const faults: readonly Fault[] = size === 'quick' ? ['greylists'] : ['refuses', 'hangs', 'greylists']
    for (const fault of faults) lines.push(`${fault}: ${await suffer(fault, requests, downMs)}`)
    return lines.join('; ')
  },
}

async function suffer(fault: Fault, requests: number, downMs: number): Promise<string> {
  const broken = await openBroken(fault)
  const { port } = broken
  try {
    return await onStage({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` } }, async stage => {
      const { pid } = stage.product
      const accounts = await stage.crowd(3)
      const ask = async (email: string, into: Times) => {
        const since = performance.now()
        const { status } = await stage.rest('POST', '/get_reset_password_code', { body: { email } })
        into.add(performance.now() - since)
        must(status === 202, `asking for a code was answered with ${status}`)
      }
      const [known, unknown] = [new Times(), new Times()]
      const before = await residentOf(pid)
      const since = performance.now()
      for (const { email } of accounts) await ask(email, known)
      for (let n = 0; n < requests; n++)
        await (n % 2 ? ask(person().email, unknown) : ask(`x${n}@example.org`, unknown))
      await sleep(Math.max(0, downMs - (performance.now() - since)))
      const grown = (await residentOf(pid)) - before
      must(grown <= growsByAtMost, `the process grew by ${grown.toFixed(0)} MiB`)
      await broken.close()
      const mailbox = await openMailbox(port)
      stage.after(mailbox.close)
      const backAt = performance.now()
      const first = accounts[0]
      const has = (email: string) =>
        mailbox.mails.some(mail => mail.to?.some(({ address }) => address === email))
      await until('the mails', () => accounts.every(({ email }) => has(email)), arrivesWithinMs, 200)
      const late = performance.now() - backAt
      const code = await mailbox.code(first?.email ?? '')
      const body = { email: first?.email, verify_code: code }
      const verified = await stage.rest('POST', '/verify_reset_password_code', { body })
      must(verified.status === 200, `the code that came late was answered with ${verified.status}`)
      must(stage.product.pid === pid, 'the server was replaced')
      return [
        `${count(requests + accounts.length)} requests answered 202, median ${millis(known.within(0.5))} for accounts and ${millis(unknown.within(0.5))} for nobody (slowest ${millis(Math.max(known.worst, unknown.worst))})`,
        `the mails came ${seconds(late, 1)} after the server was back and their code is good`,
        `memory +${Math.max(0, grown).toFixed(0)} MiB`,
      ].join(', ')
    })
  } finally {
    await broken.close()
  }
}

async function openBroken(fault: Fault): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    if (fault === 'greylists') greylist(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  }
  if (fault === 'refuses') await close()
  return { port, close }
}

/** Polite to everybody, and takes no mail at the first try. */
function greylist(socket: Socket): void {
  socket.write('220 mail.example.org\r\n')
  socket.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\r\n').filter(Boolean)) {
      if (/^RCPT/i.test(line)) socket.write('451 4.7.1 greylisted, come back later\r\n')
      else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
      else socket.write('250 ok\r\n')
    }
  })
}

await alone(import.meta.url, mailDown)
