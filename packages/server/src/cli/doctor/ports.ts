import { createServer } from 'node:net'
import type { Config } from '../../config.js'
import { limits } from '../../limits.js'
import { type Finding, failure, ok } from './check.js'

/** Whether we could listen, or do already. */
export async function ports({ role, host, apiPort, signalPort }: Config): Promise<Finding[]> {
  const wanted: [string, number][] = []
  if (role !== 'signal') wanted.push(['API_PORT', apiPort])
  if (role !== 'api') wanted.push(['SIGNAL_PORT', signalPort])
  return Promise.all(wanted.map(([variable, port]) => look(variable, host, port)))
}

async function look(variable: string, host: string, port: number): Promise<Finding> {
  const code = await listenError(host, port)
  if (code === undefined) return ok(port === 0 ? `${variable}: any free port` : `port ${port} is free`)
  if (code === 'EADDRINUSE') {
    if (await isOurs(host, port)) return ok(`port ${port}: a Switchboard server is running there`)
    return failure(`port ${port} is taken by another program`, `stop it, or set another ${variable}`)
  }
  if (code === 'EACCES') return failure(`port ${port} needs more rights`, `set ${variable} to 1024 or above`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return failure(`HOST=${host} is no address of this machine`, 'set HOST to 0.0.0.0, or to one that is')
  return failure(`port ${port} of ${host}: ${code}`, `check HOST and ${variable}`)
}

function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

async function isOurs(host: string, port: number): Promise<boolean> {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  const name = reachable.includes(':') ? `[${reachable}]` : reachable
  try {
    const signal = AbortSignal.timeout(limits.readyWithinMs)
    const response = await fetch(`http://${name}:${port}/health/live`, { signal, redirect: 'error' })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
