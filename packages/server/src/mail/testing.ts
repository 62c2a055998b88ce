import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface ReceivedMail {
  readonly from: string
  readonly recipients: readonly string[]
  readonly raw: string
  readonly mail: Email
}

export type TestSmtp = Awaited<ReturnType<typeof smtpServer>>

/** A real SMTP server that keeps what it is given. */
export async function smtpServer(options: SMTPServerOptions & { port?: number } = {}) {
  const received: ReceivedMail[] = []
  const waiting: (() => void)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          recipients: rcptTo.map(({ address }) => address),
          raw: raw.toString('latin1'),
          mail: await PostalMime.parse(raw),
        })
        callback()
        for (const wake of waiting.splice(0)) wake()
      })
    },
    ...options,
  })
  server.on('error', () => {}) // clients that go away
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo

  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    /** The mail of that number, counted from 0, as soon as it is there. */
    async mail(index: number): Promise<ReceivedMail> {
      for (;;) {
        const found = received[index]
        if (found) return found
        await new Promise<void>(resolve => waiting.push(resolve))
      }
    },
    close: () => new Promise<void>(resolve => server.close(resolve)),
  }
}

/** The only thing in a mail that looks like a code. */
export function codeIn(text: string | undefined): string {
  const found = text?.match(/\b[0-9A-Z]{10}\b/g) ?? []
  if (found.length !== 1) throw new Error(`${found.length} codes in the mail`)
  return found[0] as string
}
