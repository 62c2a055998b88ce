import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env, type Product, startProduct } from '@switchboard/e2e/product'
import { request } from '@switchboard/e2e/rest-client'
import pg from 'pg'
import { loginIdOf, numberOf, seedPeople, userIdOf } from '../seed/people.js'
import { cores, onCore } from './cores.js'
import { embeddedIn } from './embedded.js'
import { collector, inspectable } from './inspector.js'
import type { System } from './system.js'
import { tokenMaker } from './tokens.js'

export interface Switchboard extends System {
  readonly api: number
  readonly databaseUrl: string
  readonly readyInMs: number
  /** Stops and starts the node on the same data; tells how long until it was ready. */
  restart(): Promise<number>
}

export interface SwitchboardOptions {
  readonly name?: string
  /** How many people it knows from the start. */
  readonly users: number
  /** Of each. */
  readonly contacts?: number
  /** Not kept to one core. */
  readonly unpinned?: boolean
  readonly inspected?: boolean
  /** Settings beside the defaults. */
  readonly env?: Env
  /** Where the server leaves a CPU profile of its life when it stops. */
  readonly profileDir?: string | undefined
}

export const portOf = (address: string) => Number(new URL(address).port)

/** Accounts of people that `seedPeople` made, pairs of neighbours spread over all of them, each with a token of now. */
export async function accountMaker(node: Product, users: number) {
  const { body } = await request(node.api, 'GET', '/.well-known/jwks.json')
  const makeToken = await tokenMaker(
    join(node.dir, 'keys', 'tokenSecret.key'),
    body as unknown as Parameters<typeof tokenMaker>[1],
  )
  return (count: number) =>
    spread(count, users).map(n => ({
      number: numberOf(n),
      token: makeToken({ userId: userIdOf(n), loginId: loginIdOf(n) }),
    }))
}

/** That many of the users: pairs of neighbours, far from each other where there are more users than are asked for. */
export function spread(count: number, users: number): number[] {
  const step = Math.max(1, Math.floor(users / count))
  return Array.from({ length: count }, (_, n) => (Math.floor(n / 2) * 2 * step + (n % 2)) % users)
}

/** Everybody's password. */
export const password = 'Kestrel over the harbour'

/** Fills the database of a running node, with a password of its own making. */
export async function populate(
  node: Product,
  databaseUrl: string,
  { users, contacts = 0 }: Pick<SwitchboardOptions, 'users' | 'contacts'>,
): Promise<void> {
  const first = {
    firstname: 'Mara',
    lastname: 'Lindqvist',
    phone_number: '123',
    email: 'first@bench.example',
  }
  const { status } = await request(node.api, 'POST', '/create_user', { body: { ...first, password } })
  if (status !== 201) throw new Error(`create_user answered ${status}`)
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const { rows } = await client.query<{ hash: string }>(
    "select password_hash as hash from users where email_key = 'first@bench.example'",
  )
  await seedPeople(client, { users, contacts, ...(rows[0] && { passwordHash: rows[0].hash }) })
  await client.end()
}

/** The product with default settings but for limits, its embedded database beside it. */
export async function startSwitchboard(options: SwitchboardOptions): Promise<Switchboard> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-bench-'))
  const through = options.unpinned ? [] : onCore(cores.server)
  const { profileDir } = options
  const profiling =
    profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, '--cpu-prof-interval=200']
  const node = [...(options.inspected ? inspectable : []), ...profiling]
  const product = await startProduct({ dir, through, node, ...(options.env && { env: options.env }) })
  const dataDir = join(dir, 'data')
  const database = await embeddedIn(dataDir)
  await populate(product, database.url, options)
  const accounts = await accountMaker(product, options.users)
  let databasePid = database.pid

  return {
    name: options.name ?? 'Switchboard',
    dialect: 'switchboard',
    get ports() {
      return [portOf(product.signal)]
    },
    get api() {
      return portOf(product.api)
    },
    get processes() {
      return { server: [product.pid], database: [databasePid], bus: [] }
    },
    databaseUrl: database.url,
    get readyInMs() {
      return product.readyInMs
    },
    accounts: async count => accounts(count),
    collect: () => collector(product.logs()),
    async restart() {
      await product.stop()
      await product.start()
      databasePid = (await embeddedIn(dataDir)).pid
      return product.readyInMs
    },
    async stop() {
      if (profileDir !== undefined) await product.stop().catch(() => undefined)
      await product.dispose()
      await rm(dir, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
