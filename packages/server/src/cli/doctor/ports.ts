import { type RequestOptions, request } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { createServer } from 'node:net'
import type { Config } from '../../config.js'
import { limits } from '../../limits.js'
import { type Finding, failure, ok, warning } from './check.js'

type Listening = Pick<
  Config,
  'role' | 'host' | 'apiPort' | 'signalPort' | 'adminHost' | 'adminPort' | 'adminPortIsSet'
>

/** Whether we could listen, or do already. */
export async function ports(config: Listening): Promise<Finding[]> {
  const { role, host, apiPort, signalPort, adminHost, adminPort, adminPortIsSet } = config
  const looks: Promise<Finding>[] = []
  if (role !== 'signal') looks.push(look('API_PORT', host, apiPort))
  if (role !== 'api') looks.push(look('SIGNAL_PORT', host, signalPort))
  looks.push(
    look('ADMIN_PORT', adminHost, adminPort, 'ADMIN_HOST').then(found =>
      found.status === 'failure' && !adminPortIsSet ? milder(found) : found,
    ),
  )
  return Promise.all(looks)
}

/** Where nobody asked for the port, the server does without it. */
const milder = ({ detail, advice = 'set ADMIN_PORT' }: Finding) =>
  warning(`${detail}: there will be no metrics`, advice)

async function look(variable: string, host: string, port: number, hostVariable = 'HOST'): Promise<Finding> {
  const code = await listenError(host, port)
  if (code === undefined) return ok(port === 0 ? `${variable}: any free port` : `port ${port} is free`)
  if (code === 'EADDRINUSE') {
    if (await isOurs(host, port)) return ok(`port ${port}: a Switchboard server is running there`)
    return failure(`port ${port} is taken by another program`, `stop it, or set another ${variable}`)
  }
  if (code === 'EACCES') return failure(`port ${port} needs more rights`, `set ${variable} to 1024 or above`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return failure(
      `${hostVariable}=${host} is no address of this machine`,
      `set ${hostVariable} to one that is`,
    )
  return failure(`port ${port} of ${host}: ${code}`, `check ${hostVariable} and ${variable}`)
}

function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

/** By TLS or without: what runs there may have been started with other settings. */
async function isOurs(host: string, port: number): Promise<boolean> {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  const answers = await Promise.all([overHttp, overTls].map(get => isLive(get, reachable, port)))
  return answers.includes(true)
}

// Whoever answers is on this machine and is told nothing: its certificate need not be known here.
const overTls = (options: RequestOptions) => tlsRequest({ ...options, rejectUnauthorized: false })
const overHttp = (options: RequestOptions) => request(options)

function isLive(get: typeof overHttp, host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const signal = AbortSignal.timeout(limits.readyWithinMs)
    const asked = get({ host, port, path: '/health/live', agent: false, signal })
    asked.on('error', () => resolve(false))
    asked.on('response', response => {
      resolve(response.statusCode === 200 && response.headers['x-request-id'] !== undefined)
      response.destroy()
    })
    asked.end()
  })
}
