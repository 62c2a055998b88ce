import { connectDevice } from '../device.js'
import type { Account } from '../people.js'

// Clients that run elsewhere: accounts come on standard input, the address as argument; each accepts what rings.
const [, , url = ''] = process.argv
const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const accounts = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Account[]
const devices = await Promise.all(accounts.map(account => connectDevice(url, account)))
for (const device of devices) {
  device.wire.socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown>
    if (frame.REASON === 'call') device.accept(String(frame.SENDER_PHONE_NUMBER))
  })
}
process.stdout.write('connected\n')
