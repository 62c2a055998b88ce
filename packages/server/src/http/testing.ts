import { execFileSync } from 'node:child_process'
import { cp, rename } from 'node:fs/promises'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { systemClock } from '../clock.js'
import type { Certificate } from './certificate.js'
import { type ConnectionRoom, createConnectionCap, roomFor } from './connection-cap.js'
import { createConnections } from './connections.js'
import { createWay } from './proxies.js'
import { httpServers } from './server.js'

export interface HttpWorldChanges {
  readonly certificate?: Certificate
  readonly trustProxy?: readonly string[]
  readonly room?: ConnectionRoom
}

/** What servers are made with, and what they logged. */
export function httpWorld({ certificate, trustProxy = [], room = roomFor(1_000) }: HttpWorldChanges = {}) {
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: line => void logged.push(line) })
  const newId = () => v7()
  const way = createWay(trustProxy)
  const cap = createConnectionCap(room, { clock: systemClock, log })
  return {
    log,
    logged,
    newId,
    way,
    cap,
    createServer: httpServers({ certificate, cap, connections: createConnections(), way, newId, log }),
  }
}

export async function listening(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Bytes out, bytes back until the server hangs up. */
export function exchangeBytes(port: number, ...writes: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const bytes of writes) socket.write(bytes, 'latin1')
    })
    let answer = ''
    socket.setEncoding('latin1').on('data', chunk => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

/** A certificate of its own for localhost, and its key: `NAME.pem`, `NAME.key`. */
export function makeCertificate(dir: string, name: string) {
  const files = { certFile: join(dir, `${name}.pem`), keyFile: join(dir, `${name}.key`) }
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`]
  const named = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', files.keyFile, '-out', files.certFile]
  execFileSync('openssl', ['req', '-x509', '-days', '30', ...made, ...named], { stdio: 'ignore' })
  return files
}

/** Puts a file where another is, in one step. */
export async function replaceFile(from: string, to: string): Promise<void> {
  await cp(from, `${to}.new`)
  await rename(`${to}.new`, to)
}
