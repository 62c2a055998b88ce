import WebSocket from 'ws'
import { type Product, root } from '../product.js'
import { until } from './processes.js'

/** Looks into the running server over Node's inspector: for the start `node: inspected`. */
export interface Inspector {
  /** MiB in use after a full collection, buffers included. */
  inUse(): Promise<number>
  /** Open TCP sockets of the process. */
  sockets(): Promise<number>
  /** Living instances of an exported class, like `signaling/session.js` and `Session`. */
  instances(file: string, name: string): Promise<number>
  close(): void
}

/** Options of Node that let `inspect` in, on a port that the system chooses. */
export const inspected = ['--inspect=127.0.0.1:0', '--expose-gc']

interface Result {
  readonly result?: {
    readonly value?: unknown
    readonly objectId?: string
    readonly objects?: Result['result']
  }
  readonly exceptionDetails?: unknown
}

export async function inspect(product: Product): Promise<Inspector> {
  const address = () =>
    product
      .logs()
      .match(/ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/g)
      ?.at(-1)
  await until('the inspector', () => address() !== undefined, 5_000)
  const socket = new WebSocket(String(address()))
  const waiting = new Map<number, (answer: Result) => void>()
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString('utf8')) as { id: number; result: Result }
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let lastId = 0
  const send = (method: string, params: object = {}) =>
    new Promise<NonNullable<Result['result']>>((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, answer => {
        const { objects } = answer as { objects?: Result['result'] }
        if (answer.exceptionDetails) reject(new Error(JSON.stringify(answer.exceptionDetails)))
        else resolve(objects ?? answer.result ?? {})
      })
      socket.send(JSON.stringify({ id, method, params }))
    })
  const evaluate = async (expression: string) =>
    Number((await send('Runtime.evaluate', { expression, returnByValue: true })).value)
  const load = (file: string) =>
    `process.getBuiltinModule('module').createRequire(${JSON.stringify(root)})('./packages/server/dist/${file}')`

  return {
    inUse: () =>
      evaluate(
        'gc(), gc(), (({ heapUsed, external }) => (heapUsed + external) / 2 ** 20)(process.memoryUsage())',
      ),
    sockets: () =>
      evaluate("process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length"),
    async instances(file, name) {
      const { objectId } = await send('Runtime.evaluate', { expression: `${load(file)}.${name}.prototype` })
      const found = await send('Runtime.queryObjects', { prototypeObjectId: objectId })
      const counted = await send('Runtime.callFunctionOn', {
        objectId: found.objectId,
        functionDeclaration: 'function () { return this.length }',
        returnByValue: true,
      })
      await send('Runtime.releaseObject', { objectId: found.objectId })
      return Number(counted.value)
    },
    close: () => socket.terminate(),
  }
}
