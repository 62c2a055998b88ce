import { access, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'

type Options = NonNullable<Parameters<typeof connect>[0]>

export interface NatsConfig {
  /** One server or several of one cluster, by commas; `tls://` asks for TLS. Names and passwords of the first count. */
  readonly url: string
  /** A file of NATS credentials (a JWT and its seed). */
  readonly credentialsFile: string | undefined
  /** The certificate authority of the servers, when the system does not know it. */
  readonly caFile: string | undefined
}

/** Tries until a server takes us, or `signal` ends it; says why not whenever that is news. */
export type Dial = (signal: AbortSignal) => Promise<NatsConnection>

/** Files that cannot be read stop the start; a server that is not there, or does not want us, is waited for. */
export async function createDial(config: NatsConfig, log: Logger): Promise<Dial> {
  const options = await optionsOf(config)
  return async signal => {
    const since = performance.now()
    let told: string | undefined
    for (;;) {
      signal.throwIfAborted()
      try {
        return await connect(options)
      } catch (error) {
        const { message: reason } = error as Error
        if (performance.now() - since >= limits.busPatienceMs && reason !== told) {
          log.warn({ reason }, 'NATS cannot be reached; waiting for it')
          told = reason
        }
      }
      // By chance as well, so that not all nodes knock at once.
      await sleep(limits.busReconnectMs * (1 + Math.random()), undefined, { signal })
    }
  }
}

async function optionsOf({ url, credentialsFile, caFile }: NatsConfig): Promise<Options> {
  const urls = url.split(',').map(server => new URL(server))
  if (caFile) await readable('NATS_CA_FILE', access(caFile))
  const isSecure = caFile !== undefined || urls.some(({ protocol }) => protocol === 'tls:')
  return {
    servers: urls.map(server => `${server.hostname}:${server.port || 4222}`),
    ...(urls[0] && loginOf(urls[0])),
    ...(credentialsFile && {
      authenticator: credsAuthenticator(await readable('NATS_CREDS_FILE', readFile(credentialsFile))),
    }),
    ...(isSecure && { tls: { ...(caFile && { caFile }) } }),
    name: 'switchboard',
    timeout: limits.busDialMs,
    // The client's own default notices a dead server after four minutes.
    pingInterval: limits.busPingMs,
    maxPingOut: 2,
    // Its own reconnecting waits until everything unsent has left, which a server that stands still never lets it.
    reconnect: false,
    noAsyncTraces: true,
  }
}

/** As NATS writes it: a name and a password, or a token alone. */
function loginOf({ username, password }: URL): Partial<Options> {
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  if (pass) return { user, pass }
  return user ? { token: user } : {}
}

const readable = <T>(variable: string, reading: Promise<T>): Promise<T> =>
  reading.catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${variable}: the file cannot be read (${error.code})`, { cause: error })
  })
