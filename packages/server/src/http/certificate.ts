import { constants, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Server, ServerOptions } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../clock.js'
import { ConfigError } from '../config.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'

interface Files {
  readonly certFile: string
  readonly keyFile: string
}

/** A certificate that follows its files. */
export interface Certificate {
  /** Options of a server that is to show it. */
  options(): ServerOptions
  /** From now on the server shows what the files hold; connections that are open live on. */
  watch(server: Server): void
  stop(): void
}

/** What testssl.sh and Mozilla's "intermediate" ask for: forward secrecy and AEAD alone. TLS 1.3 has nothing else. */
const policy: ServerOptions = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  honorCipherOrder: true,
  ecdhCurve: 'auto', // OpenSSL's own list, X25519 first: newer ones put post-quantum groups into it
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  handshakeTimeout: limits.headersMs,
}

/** Reads both files, or throws the one line that says which variable is wrong. */
export async function openCertificate(
  files: Files,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Certificate> {
  const servers = new Set<Server>()
  let state = await stateOf(files)
  let pair = await read(files)
  let renewedAt = clock.monotonic()
  warnOfAge(pair.leaf, clock, log)

  /** A new context makes new keys for session tickets: who steals one reads the sessions of a few hours, no more. */
  function show() {
    renewedAt = clock.monotonic()
    for (const server of servers) server.setSecureContext(optionsOf(pair))
  }

  /** Looked at, not watched: a mounted secret is swapped by a link two directories up, which no watcher tells of. */
  async function look() {
    const now = await stateOf(files)
    if (now === state) {
      if (clock.monotonic() - renewedAt >= limits.ticketKeysMs) show()
      return
    }
    state = now
    try {
      pair = await read(files)
      show()
      log.info({ validUntil: pair.leaf.validTo }, 'the certificate was renewed')
      warnOfAge(pair.leaf, clock, log)
    } catch (error) {
      // Half of it is written, or it is wrong; either way the next change is looked at again.
      const why = error instanceof ConfigError ? error.message : 'unreadable'
      log.warn({ why }, 'the certificate changed and cannot be used: the one before stays')
    }
  }

  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => {
      looking = false
    })
  }, limits.certificateLookMs)
  timer.unref()

  return {
    options: () => optionsOf(pair),
    watch(server) {
      servers.add(server)
      server.once('close', () => servers.delete(server))
    },
    stop: () => clearInterval(timer),
  }
}

interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
  readonly leaf: X509Certificate
}

const optionsOf = ({ cert, key }: Pair): ServerOptions => ({ ...policy, cert, key })

async function read({ certFile, keyFile }: Files): Promise<Pair> {
  const cert = await readNamed('TLS_CERT_FILE', certFile)
  const key = await readNamed('TLS_KEY_FILE', keyFile)
  const leaf = attempt(
    'TLS_CERT_FILE',
    certFile,
    'holds no certificate in PEM',
    () => new X509Certificate(cert),
  )
  const isLocked = key.includes('ENCRYPTED')
  const lack = isLocked ? 'is encrypted; store it without a passphrase' : 'holds no private key in PEM'
  const privateKey = attempt('TLS_KEY_FILE', keyFile, lack, () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new ConfigError('TLS_KEY_FILE', `"${keyFile}" is not the key of the certificate in TLS_CERT_FILE`)
  }
  attempt('TLS_CERT_FILE', certFile, 'is refused by OpenSSL with its key', () =>
    createSecureContext({ ...policy, cert, key }),
  )
  return { cert, key, leaf }
}

async function readNamed(variable: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(variable, `"${file}" cannot be read (${code})`)
  }
}

function attempt<T>(variable: string, file: string, lack: string, work: () => T): T {
  try {
    return work()
  } catch {
    throw new ConfigError(variable, `"${file}" ${lack}`)
  }
}

/** Changes whenever one of the files does, wherever a link to it leads. */
async function stateOf({ certFile, keyFile }: Files): Promise<string> {
  const each = [certFile, keyFile].map(file =>
    stat(file, { bigint: true }).then(
      ({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(),
      (error: NodeJS.ErrnoException) => error.code ?? 'unreadable',
    ),
  )
  return (await Promise.all(each)).join(' ')
}

function warnOfAge({ validTo, validFrom }: X509Certificate, clock: Clock, log: Logger): void {
  const now = clock.wall()
  if (now > Date.parse(validTo)) log.warn({ validTo }, 'the certificate in TLS_CERT_FILE has expired')
  if (now < Date.parse(validFrom))
    log.warn({ validFrom }, 'the certificate in TLS_CERT_FILE is not valid yet')
}
