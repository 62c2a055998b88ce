import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../product.js'
import type { Crowd } from './crowd.js'

/** The crowd as its parent speaks to it. */
export type RemoteCrowd = {
  readonly [Name in keyof Crowd]: (
    ...args: Parameters<Crowd[Name]>
  ) => Promise<Awaited<ReturnType<Crowd[Name]>>>
} & { end(): Promise<void> }

/** Starts a process of clients. */
export function startCrowd(): RemoteCrowd {
  const child = fork(join(root, 'e2e', 'dist', 'crowd', 'main.js'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  })
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  child.on('message', ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error))
  })
  child.on('exit', code => {
    for (const { reject } of pending.values()) reject(new Error(`the crowd's process ended with ${code}`))
    pending.clear()
  })
  const ask = (name: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      const id = ++last
      pending.set(id, { resolve, reject })
      child.send({ id, name, args })
    })
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return new Proxy({} as RemoteCrowd, {
    get: (_, name) => (name === 'end' ? end : (...args: unknown[]) => ask(String(name), args)),
  })
}
