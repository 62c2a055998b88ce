import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectDevice, type Device } from '../device.js'
import { type Account, login, person, type Rest, register } from '../people.js'
import { type Postgres, startPostgres } from '../postgres.js'
import { type Env, type Product, startProduct } from '../product.js'
import { request } from '../rest-client.js'
import { type Nats, startNats } from './nats.js'
import { network, type Place } from './network.js'

/** Several nodes of the product on one database and one bus, as an operator runs them. */
export interface Nodes {
  readonly nodes: readonly Product[]
  readonly nats: Nats
  readonly postgres: Postgres
  readonly databaseUrl: string
  /** One more. */
  add(env?: Env): Promise<Product>
  dispose(): Promise<void>
}

export interface NodesOptions {
  /** Nodes in places of their own, which reach the database and the bus over cables that can be cut. */
  readonly places?: readonly Place[]
  /** More settings of the NATS server. */
  readonly nats?: readonly string[]
  /** Another NATS server for a node than that one; given the node's number and what it would have. */
  readonly natsOf?: (index: number, url: string) => string
}

export async function startNodes(count: number, env: Env = {}, options: NodesOptions = {}): Promise<Nodes> {
  const { places } = options
  const [postgres, nats, dir] = await Promise.all([
    startPostgres(places && network),
    startNats([...(places ? ['-a', '0.0.0.0'] : []), ...(options.nats ?? [])]),
    mkdtemp(join(tmpdir(), 'switchboard-nodes-')),
  ])
  const databaseUrl = await postgres.database('switchboard')
  const nodes: Product[] = []

  async function add(more: Env = {}) {
    const index = nodes.length
    const place = places?.[index]
    const own = join(dir, `node-${index}`)
    await mkdir(own)
    // Every node has the key of the first: a token of one is good at all.
    if (nodes[0]) await cp(join(nodes[0].dir, 'keys'), join(own, 'keys'), { recursive: true })
    const natsUrl = reachedBy(place?.via.bus, nats.url)
    const node = await startProduct({
      dir: own,
      ...(place && { through: place.through }),
      env: {
        DATABASE_URL: reachedBy(place?.via.database, databaseUrl),
        NATS_URL: options.natsOf?.(index, natsUrl) ?? natsUrl,
        ...(place && { HOST: place.address }),
        ...env,
        ...more,
      },
    })
    nodes.push(node)
    return node
  }

  await add()
  for (let n = 1; n < count; n++) await add()
  return {
    nodes,
    nats,
    postgres,
    databaseUrl,
    add,
    async dispose() {
      await Promise.all(nodes.map(node => node.dispose()))
      await Promise.all([nats.stop(), postgres.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const reachedBy = (address: string | undefined, url: string) =>
  address ? url.replace('127.0.0.1', address) : url

/** A device that can be sent to another node. */
export interface Rover extends Device {
  /** From its next socket on it connects there. */
  goTo(node: Product): void
}

/** Somebody new, with a device at that node. */
export async function rover(node: Product, account?: Account): Promise<Rover> {
  let at = node
  const rest: Rest = (method, path, more) => request(node.api, method, path, more)
  const who = account ?? (await signUp(rest))
  const device = await connectDevice(() => at.signal, who)
  return Object.assign(Object.create(device) as Device, {
    goTo(next: Product) {
      at = next
    },
  })
}

async function signUp(rest: Rest): Promise<Account> {
  const who = person()
  await register(rest, who)
  return { ...who, token: await login(rest, who) }
}

/** The same person once more, for another device. */
export async function again(node: Product, account: Account): Promise<Account> {
  const rest: Rest = (method, path, more) => request(node.api, method, path, more)
  return { ...account, token: await login(rest, account) }
}
