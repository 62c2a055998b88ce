import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail server that keeps what it is given. */
export interface Mailbox {
  /** For `SMTP_URL`. */
  readonly url: string
  readonly mails: readonly Email[]
  /** The n-th mail to an address that passes, waiting for it. */
  arrived(to: string, passes?: (mail: Email) => boolean, nth?: number): Promise<Email>
  /** The code of the n-th reset mail to an address, waiting for it. */
  code(to: string, nth?: number): Promise<string>
  close(): Promise<void>
}

const arriveWithinMs = 10_000

export async function openMailbox(port = 0): Promise<Mailbox> {
  const mails: Email[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then(mail => {
          mails.push(mail)
          done()
        }, done)
      })
    },
  })
  server.on('error', () => {}) // a client killed in mid-sentence is part of the tests
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  const { port: bound } = listening.address() as AddressInfo
  const arrived: Mailbox['arrived'] = async (to, passes = () => true, nth = 1) => {
    const deadline = Date.now() + arriveWithinMs
    for (;;) {
      const sent = mails.filter(mail => mail.to?.some(({ address }) => address === to) && passes(mail))
      const mail = sent[nth - 1]
      if (mail) return mail
      if (Date.now() > deadline) throw new Error(`${sent.length} of ${nth} such mails arrived`)
      await sleep(20)
    }
  }
  return {
    url: `smtp://127.0.0.1:${bound}`,
    mails,
    arrived,
    code: async (to, nth = 1) =>
      codeIn((await arrived(to, mail => codePattern.test(mail.text ?? ''), nth)).text),
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

/** Ten capitals and digits that stand alone. */
export const codePattern = /(?<![A-Za-z0-9@.])[A-Z0-9]{10}(?![A-Za-z0-9@.])/

/** The ten symbols of a reset mail. */
export function codeIn(text: string | undefined): string {
  const [code] = codePattern.exec(text ?? '') ?? []
  if (!code) throw new Error('no code in the mail')
  return code
}
