import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { createConnections } from './connections.js'

/** A server whose answers the test gives. */
async function serving() {
  const connections = createConnections()
  const asked: ((response: ServerResponse) => void)[] = []
  const server = createServer((_request, response) => asked.shift()?.(response))
  connections.watch(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const dial = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    const closed = new Promise(resolve => socket.once('close', resolve))
    await new Promise(resolve => server.once('connection', resolve))
    return { socket, closed, request: new Promise<ServerResponse>(resolve => asked.push(resolve)) }
  }
  const stop = () => {
    const stopped = new Promise(resolve => server.close(resolve))
    connections.drain()
    return stopped
  }
  return { dial, stop }
}

test('a connection opened a moment before is answered what it asks, and told that it ends', async () => {
  const { dial, stop } = await serving()
  const { socket, closed, request } = await dial()
  const heard: string[] = []
  socket.on('data', data => heard.push(String(data)))
  const stopped = stop()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  ;(await request).end('done')
  await stopped
  await closed
  expect(heard.join('')).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*Connection: close[\s\S]*done$/i)
})

test('a connection that has not said anything does not hold up the end', async () => {
  const { dial, stop } = await serving()
  const { closed } = await dial()
  await stop()
  await closed
})

test('nor does one that said half a request', async () => {
  const { dial, stop } = await serving()
  const { socket, closed } = await dial()
  await new Promise(resolve => socket.write('GET / HTTP/1.1\r\nHost:', resolve))
  await stop()
  await closed
})

test('a request under way is answered first, and told that the connection ends', async () => {
  const { dial, stop } = await serving()
  const { socket, closed, request } = await dial()
  const heard: string[] = []
  socket.on('data', data => heard.push(String(data)))
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const response = await request
  const stopped = stop()
  response.end('done')
  await stopped
  await closed
  expect(heard.join('')).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*done$/)
})
