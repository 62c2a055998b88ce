import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { clientFrame } from './frame.js'
import { openClient, type WsClient } from './ws-client.js'

let server: WebSocketServer | undefined
afterEach(() => server?.close())

/** An echo, and a client of ours that collects what it says. */
async function echo(): Promise<{ client: WsClient; heard: string[]; until(count: number): Promise<void> }> {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server = wss
  await once(wss, 'listening')
  wss.on('connection', ws => ws.on('message', (data: Buffer) => ws.send(data, { binary: false })))
  const heard: string[] = []
  let arrived: () => void = () => undefined
  const client = await new Promise<WsClient>((resolve, reject) => {
    const opened = openClient((wss.address() as AddressInfo).port, '/', {
      opened: () => setImmediate(() => resolve(opened)),
      text(data, start, end) {
        heard.push(data.toString('utf8', start, end))
        arrived()
      },
      closed: why => reject(new Error(why)),
    })
  })
  const until = (count: number) =>
    new Promise<void>(resolve => {
      arrived = () => {
        if (heard.length >= count) resolve()
      }
      arrived()
    })
  return { client, heard, until }
}

test.each([1, 125, 126, 65_535, 65_536, 600_000])('a frame of %i bytes comes back as it went', async size => {
  const { client, heard, until } = await echo()
  const text = 'xyz'.repeat(Math.ceil(size / 3)).slice(0, size)
  client.send(clientFrame(text))
  await until(1)
  expect(heard).toEqual([text])
  client.destroy()
})

test('frames of one write arrive one by one, in order', async () => {
  const { client, heard, until } = await echo()
  const texts = Array.from({ length: 3_000 }, (_, n) => `${n} ${'-'.repeat(n % 300)}`)
  client.send(Buffer.concat(texts.map(text => clientFrame(text))))
  await until(texts.length)
  expect(heard).toEqual(texts)
  client.destroy()
})
