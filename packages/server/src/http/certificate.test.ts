import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { openCertificate } from './certificate.js'
import { httpWorld, listening, makeCertificate } from './testing.js'

let dir: string
let one: ReturnType<typeof makeCertificate>
let other: ReturnType<typeof makeCertificate>
const { log, logged } = httpWorld()
const open = (files: typeof one) => openCertificate(files, { clock: systemClock, log })
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-certificate-'))
  one = makeCertificate(dir, 'one')
  other = makeCertificate(dir, 'other')
})
afterAll(() => rm(dir, { recursive: true }))

test('what does not work is one line that names the variable', async () => {
  const text = join(dir, 'text')
  await writeFile(text, 'open sesame')
  const locked = join(dir, 'locked.key')
  execFileSync('openssl', ['ec', '-in', one.keyFile, '-aes256', '-passout', 'pass:x', '-out', locked], {
    stdio: 'ignore',
  })
  const gone = join(dir, 'gone')
  const faults: [typeof one, string][] = [
    [{ ...one, certFile: gone }, `TLS_CERT_FILE: "${gone}" cannot be read (ENOENT)`],
    [{ ...one, keyFile: dir }, `TLS_KEY_FILE: "${dir}" cannot be read (EISDIR)`],
    [{ ...one, certFile: text }, `TLS_CERT_FILE: "${text}" holds no certificate in PEM`],
    [{ ...one, keyFile: text }, `TLS_KEY_FILE: "${text}" holds no private key in PEM`],
    [{ ...one, keyFile: locked }, `TLS_KEY_FILE: "${locked}" is encrypted; store it without a passphrase`],
    [
      { ...one, keyFile: other.keyFile },
      `TLS_KEY_FILE: "${other.keyFile}" is not the key of the certificate in TLS_CERT_FILE`,
    ],
  ]
  for (const [files, message] of faults) await expect(open(files)).rejects.toThrow(message)
})

test('TLS 1.2 and later, forward secrecy and AEAD alone', async () => {
  const certificate = await open(one)
  const server = httpWorld({ certificate }).createServer((_request, response) => response.end())
  const port = await listening(server)
  const shake = (options: object) =>
    new Promise<string>(resolve => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`)
        socket.destroy()
      }).on('error', () => resolve('refused'))
    })
  const old = { ciphers: 'DEFAULT@SECLEVEL=0' }
  expect(await shake({})).toBe('TLSv1.3 TLS_AES_256_GCM_SHA384')
  expect(await shake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384')
  expect(await shake({ ...old, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).toBe('refused')
  for (const ciphers of ['ECDHE-ECDSA-AES256-SHA384', 'AES128-GCM-SHA256', 'AES256-SHA']) {
    expect(await shake({ ciphers, maxVersion: 'TLSv1.2' })).toBe('refused')
  }
  certificate.stop()
  await new Promise(resolve => server.close(resolve))
  expect(logged).toEqual([])
})
