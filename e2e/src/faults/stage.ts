import { connectDevice, type Device } from '../device.js'
import { type Account, login, type Person, person, type Rest, register } from '../people.js'
import { type Product, type ProductOptions, startProduct } from '../product.js'
import { type RestOptions, request } from '../rest-client.js'
import type { Wire } from '../wire.js'

/** A running product with what a scenario needs to speak to it. */
export interface Stage {
  readonly product: Product
  readonly rest: Rest
  join(traits?: Partial<Person>): Promise<Account>
  /** Several people; registered a few at a time, since every one costs two password hashes. */
  crowd(count: number): Promise<Account[]>
  /** A device of the account, of a new one when none is given. */
  device(account?: Account): Promise<Device>
  devices(count: number): Promise<Device[]>
  /** Runs when the scenario is over, latest first. */
  after(undo: () => unknown): void
}

/** Starts the product, lets the scenario have it, and leaves nothing behind. */
export async function onStage<T>(options: ProductOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const undo: (() => unknown)[] = []
  const wires = new Set<Wire>()
  const product = await startProduct(options)
  const rest = (method: string, path: string, more: RestOptions = {}) =>
    request(product.api, method, path, more)
  const join = async (traits: Partial<Person> = {}) => {
    const who = person(traits)
    await register(rest, who)
    return { ...who, token: await login(rest, who) }
  }
  const crowd = (count: number) => inTurns(count, 4, () => join())
  const device = async (account?: Account) =>
    connectDevice(product.signal, account ?? (await join()), { onWire: wire => void wires.add(wire) })
  try {
    return await work({
      product,
      rest,
      join,
      crowd,
      device,
      devices: async count => {
        const accounts = await crowd(count)
        return Promise.all(accounts.map(device))
      },
      after: each => void undo.push(each),
    })
  } finally {
    for (const each of undo.reverse()) await each()
    for (const wire of wires) wire.socket.terminate()
    await product.dispose()
  }
}

/** `work` for each index, a few at a time. */
export async function inTurns<T>(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
