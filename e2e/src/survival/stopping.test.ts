import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import type { Frame } from '../wire.js'

describe('on SIGTERM', () => {
  const server = running()

  it('sockets are closed with 1012 and told when to come back, then it exits 0 within 30 s', async () => {
    const devices = await Promise.all(Array.from({ length: 6 }, () => server.device()))
    const stopped = server.stop()
    const closed = await Promise.all(devices.map(device => device.closed))
    expect(closed.map(({ code }) => code)).toEqual(devices.map(() => 1012))
    const jitters = closed.map(({ reason }) => Number(/\d+/.exec(reason)?.[0]))
    for (const jitter of jitters) expect(jitter).toBeGreaterThanOrEqual(0)
    expect(new Set(jitters).size).toBeGreaterThan(1)
    expect(await stopped).toBeLessThan(30_000)
    await expect(server.rest('GET', '/health/live')).rejects.toThrow(/ECONNREFUSED/)
    await server.start()
    for (const device of devices) expect((await device.resume()).PHONE_NUMBER).toBe(device.number)
  })

  it('a request in flight is finished', async () => {
    const { email, password } = await server.join()
    const body = JSON.stringify({ email, password })
    const { hostname, port } = new URL(server.api)
    const socket = connect(Number(port), hostname)
    const head = `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
    socket.write(head + body.slice(0, 5))
    await sleep(200) // the head is read before the signal comes
    const stopped = server.stop()
    await sleep(100)
    socket.write(body.slice(5))
    const answer: Buffer[] = []
    for await (const chunk of socket) answer.push(chunk as Buffer)
    expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1\.1 200/)
    await stopped
    await server.start()
  })

  it('no message acknowledged before is lost', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, 'sdp', { ID: 'a' })
    await callee.next('call')
    await caller.until('the ack', (frame: Frame) => frame.ID === 'a')
    callee.accept(caller.number, 'sdp', { ID: 'b' })
    await callee.until('the ack', (frame: Frame) => frame.ID === 'b')
    await server.stop()
    await server.start()
    await Promise.all([caller.resume(), callee.resume()])
    expect(caller.hello.CALLS).toMatchObject([{ STATE: 'established', HERE: true }])
  })

  it('a keep-alive connection does not hold it up', async () => {
    const { hostname, port } = new URL(server.api)
    const socket = connect(Number(port), hostname)
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
    const silent = connect(Number(port), hostname)
    for (const each of [socket, silent]) each.on('error', () => {})
    expect(await server.stop()).toBeLessThan(15_000)
    await server.start()
  })
})
