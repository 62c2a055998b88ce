import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../clock.js'
import { openLink, startHeart } from './link.js'

test('a socket is waited for whether it closes later or has closed meanwhile', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const heart = startHeart(systemClock, 25_000)
  const accepted = once(server, 'connection')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const opened = once(client, 'open')
  const [ws, request] = (await accepted) as [WebSocket, { socket: Socket }]
  const link = openLink(ws, request.socket, heart, () => undefined)

  await opened
  const closing = link.closed()
  client.terminate()
  await closing
  expect(ws.readyState).toBe(ws.CLOSED)
  await link.closed()
  heart.stop()
  await new Promise(resolve => server.close(resolve))
})
