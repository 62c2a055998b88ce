import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectDevice, type Device } from '../device.js'
import { type Account, login, person, type Rest, register } from '../people.js'
import { type Postgres, startPostgres } from '../postgres.js'
import { type Env, type Product, startProduct } from '../product.js'
import { request } from '../rest-client.js'
import { type Nats, startNats } from './nats.js'

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

export async function startNodes(count: number, env: Env = {}): Promise<Nodes> {
  const [postgres, nats, dir] = await Promise.all([
    startPostgres(),
    startNats(),
    mkdtemp(join(tmpdir(), 'switchboard-nodes-')),
  ])
  const databaseUrl = await postgres.database('switchboard')
  const nodes: Product[] = []

  async function add(more: Env = {}) {
    const own = join(dir, `node-${nodes.length}`)
    await mkdir(own)
    // Every node has the key of the first: a token of one is good at all.
    if (nodes[0]) await cp(join(nodes[0].dir, 'keys'), join(own, 'keys'), { recursive: true })
    const node = await startProduct({
      dir: own,
      env: { DATABASE_URL: databaseUrl, NATS_URL: nats.url, ...env, ...more },
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
