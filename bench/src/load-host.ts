import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Order, Outcome, Report, Work } from './load/orders.js'
import { cores, onCore } from './systems/cores.js'

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never

/** The load process, seen from the bench. */
export interface LoadHost {
  open(key: string, work: Work): Promise<void>
  run(key: string, ms: number): Promise<Outcome>
  close(key: string): Promise<void>
  stop(): Promise<void>
}

export function startLoad(): LoadHost {
  const [command = '', ...args] = [
    ...onCore(cores.load),
    process.execPath,
    fileURLToPath(new URL('../dist/load/main.js', import.meta.url)),
  ]
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const waiting = new Map<number, { resolve: (outcome?: Outcome) => void; reject: (error: Error) => void }>()
  let lastId = 0
  child.on('message', (report: Report) => {
    const asked = waiting.get(report.id)
    waiting.delete(report.id)
    if ('fault' in report) asked?.reject(new Error(report.fault))
    else asked?.resolve(report.outcome)
  })
  child.on('exit', code => {
    for (const { reject } of waiting.values()) reject(new Error(`the load ended with ${code}`))
  })
  const order = (what: Unnumbered<Order>) =>
    new Promise<Outcome | undefined>((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      child.send({ ...what, id })
    })
  return {
    open: async (key, work) => void (await order({ do: 'open', key, work })),
    async run(key, ms) {
      const outcome = await order({ do: 'run', key, ms })
      if (!outcome) throw new Error('a run without an outcome')
      return outcome
    },
    close: async key => void (await order({ do: 'close', key })),
    async stop() {
      child.disconnect()
      await exited
    },
  }
}
