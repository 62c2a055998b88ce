import { afterAll } from 'vitest'
import { connectDevice, type Device } from '../device.js'
import { type Account, login, type Person, person, type Rest, register } from '../people.js'
import type { Env } from '../product.js'
import { type Running, type RunningOptions, running } from '../running.js'
import { openWire, type Wire } from '../wire.js'
import { type Database, openDatabase } from './database.js'

/** Somebody at one address. */
export interface Client {
  readonly address: string
  readonly rest: Rest
  join(traits?: Partial<Person>): Promise<Account>
  login(who: Pick<Person, 'email' | 'password'>): Promise<Account>
  device(account: Account): Promise<Device>
  wire(): Promise<Wire>
}

/** A product with its limits on, behind a proxy: whoever asks says from which address. */
export interface Guarded {
  readonly server: Running
  /** A client at an address; at one of its own when none is given. */
  client(address?: string): Client
  /** Somebody new, from an address of their own. */
  join(traits?: Partial<Person>): Promise<Account>
  /** A device of an account, from an address of its own. */
  device(account?: Account): Promise<Device>
  database(): Promise<Database>
}

/** What a limit lets pass is counted by address; nobody in a test shares one by chance. */
let addresses = 0
export function freshAddress(): string {
  addresses += 1
  return `198.${18 + (addresses >> 16)}.${(addresses >> 8) & 255}.${addresses & 255}`
}

export function guarded(options: RunningOptions = {}): Guarded {
  const given = options.env ?? {}
  const env = async (): Promise<Env> => ({
    RATE_LIMITS: 'on',
    TRUST_PROXY: 'loopback',
    ...(typeof given === 'function' ? await given() : given),
  })
  let database: Promise<Database> | undefined
  // After hooks run in reverse order: this connection outlives the product.
  afterAll(async () => (await database)?.close())
  const server = running({ ...options, env })
  const wires = new Set<Wire>()

  const client = (address = freshAddress()): Client => {
    const headers = { 'x-forwarded-for': address }
    const rest: Rest = (method, path, more = {}) =>
      server.rest(method, path, { ...more, headers: { ...headers, ...more.headers } })
    const noted = (account: Account) => {
      for (const text of [account.token, account.password, account.phone_number, account.email])
        server.secret(text)
      return account
    }
    return {
      address,
      rest,
      async join(traits = {}) {
        const who = person(traits)
        await register(rest, who)
        return noted({ ...who, token: await login(rest, who) })
      },
      login: async who => noted({ ...person(who), ...who, token: await login(rest, who) }),
      device: account =>
        connectDevice(server.signal, account, {
          headers,
          onWire: wire => void wires.add(wire),
        }),
      wire: () => openWire(server.signal, { headers }),
    }
  }

  return {
    server,
    client,
    join: traits => client().join(traits),
    device: async account => client().device(account ?? (await client().join())),
    database: () => {
      database ??= openDatabase(server)
      return database
    },
  }
}
