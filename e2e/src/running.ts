import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type Nodes, startNodes } from './cluster/nodes.js'
import { connectDevice, type Device } from './device.js'
import { type Account, login, type Person, person, type Rest, register } from './people.js'
import { type Env, type Product, startProduct } from './product.js'
import { type RestOptions, request } from './rest-client.js'
import { openWire, type Wire, type WireOptions } from './wire.js'

/** A product that runs while a test file does, with what a test needs to speak to it. */
export interface Running extends Product {
  readonly rest: Rest
  /** A new person, registered and logged in. */
  join(traits?: Partial<Person>): Promise<Account>
  /** The same person, logged in once more: another device. */
  again(account: Account): Promise<Account>
  /** A device of an account; of a new one when none is given. */
  device(account?: Account, options?: WireOptions & { readonly url?: string }): Promise<Device>
  /** A socket that has not said `connect`. */
  wire(options?: WireOptions & { readonly url?: string }): Promise<Wire>
  /** Something that must not appear in a log. */
  secret(text: string): void
  /** All of them so far. */
  secrets(): ReadonlySet<string>
}

/** The same tests against a cluster: `NODES=3 npx vitest run e2e/src/signaling`. */
const nodeCount = Number(process.env.NODES ?? 1)

export interface RunningOptions {
  /** May be computed when the file's first hook runs, after a mail server or database has started. */
  readonly env?: Env | (() => Env | Promise<Env>)
  readonly dir?: string
  /** The log may hold secrets: the outbox prints mails at `LOG_LEVEL=debug`. */
  readonly outboxInLog?: boolean
}

/**
 * Starts the product for the file and ends it after: it must be the process it was, exit with 0, and have
 * logged no secret that went through here.
 */
export function running(options: RunningOptions = {}): Running {
  let product: Product | undefined
  let cluster: Nodes | undefined
  let turn = 0
  const secrets = new Set<string>()
  const wires = new Set<Wire>()
  const here = () => {
    if (!product) throw new Error('the product runs inside tests and hooks only')
    return product
  }

  beforeAll(async () => {
    const env = typeof options.env === 'function' ? await options.env() : (options.env ?? {})
    if (nodeCount > 1 && !options.dir && !env.DATABASE_URL) {
      cluster = await startNodes(nodeCount, env)
      product = cluster.nodes[0]
    } else {
      product = await startProduct({ env, ...(options.dir && { dir: options.dir }) })
    }
  })
  afterEach(() => {
    for (const wire of wires) wire.socket.terminate()
    wires.clear()
  })
  afterAll(async () => {
    if (!product) return
    try {
      const logs = (cluster?.nodes ?? [product]).map(node => node.logs()).join('')
      const leaks = options.outboxInLog ? [] : [...secrets].filter(secret => logs.includes(secret))
      expect(leaks, 'secrets in the log').toEqual([])
      for (const node of cluster?.nodes ?? [product]) await node.stop()
    } finally {
      await (cluster ?? product).dispose()
    }
  })

  const secret = (text: string) => void secrets.add(text)
  const rest = (method: string, path: string, more: RestOptions = {}) =>
    request(here().api, method, path, more)
  const noted = (account: Account) => {
    for (const text of [account.token, account.password, account.phone_number, account.email]) secret(text)
    return account
  }
  const join = async (traits: Partial<Person> = {}) => {
    const who = person(traits)
    await register(rest, who)
    return noted({ ...who, token: await login(rest, who) })
  }
  /** Of several nodes every socket takes the next: who calls whom is hardly ever on the same one. */
  const nextSignal = () => {
    const { nodes } = cluster ?? { nodes: [here()] }
    return (nodes[turn++ % nodes.length] as Product).signal
  }
  const onWire = (wire: Wire) => void wires.add(wire)

  const extra = {
    rest,
    join,
    secret,
    secrets: (): ReadonlySet<string> => secrets,
    again: async (account: Account) => noted({ ...account, token: await login(rest, account) }),
    device: async (account?: Account, { url, ...more }: WireOptions & { url?: string } = {}) =>
      connectDevice(url ?? nextSignal, account ?? (await join()), {
        ...more,
        onWire,
        // The tail names the payload; JSON in a log would escape the line ends before it.
        onPayload: text => secret(text.split('\r\n').find(line => line.startsWith('o=')) ?? text),
      }),
    wire: async ({ url, ...more }: WireOptions & { url?: string } = {}) => {
      const wire = await openWire(url ?? nextSignal(), more)
      onWire(wire)
      return wire
    },
  }
  return new Proxy(extra as Running, {
    get: (target, member) => Reflect.get(Reflect.has(target, member) ? target : here(), member) as unknown,
  })
}
