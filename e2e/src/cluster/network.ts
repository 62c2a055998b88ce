import { mustBeRoot, run, tool } from '../faults/tools.js'

const kinds = ['clients', 'database', 'bus'] as const
/** What a node reaches over a cable of its own. */
export type Cable = (typeof kinds)[number]

/** A network namespace that a node lives in, with cables to the rest of the machine that can be pulled one by one. */
export interface Place {
  /** The node's own address for its clients. */
  readonly address: string
  /** Where the node finds what is at the other end of a cable. */
  readonly via: Readonly<Record<Cable, string>>
  /** The command that starts a program there. */
  readonly through: readonly string[]
  /** No packet arrives any more, and nobody is told. */
  cut(cable: Cable): Promise<void>
  mend(cable: Cable): Promise<void>
  /** What the node sends is lost; what is sent to it arrives. */
  muffle(cable: Cable): Promise<void>
  unmuffle(cable: Cable): Promise<void>
  remove(): Promise<void>
}

const second = 100 + (process.pid % 100)
/** All the addresses of this run. */
export const network = `10.${second}.0.0/16`
let places = 0

export async function makePlace(): Promise<Place> {
  mustBeRoot()
  const ip = await tool('ip')
  const index = places++
  const name = `sb${process.pid % 100_000}p${index}`
  await run(ip, ['netns', 'add', name])
  await run(ip, ['-n', name, 'link', 'set', 'lo', 'up'])
  const cables = kinds.map((kind, n) => {
    const subnet = `10.${second}.${(index * kinds.length + n) % 256}`
    return { kind, near: `${name}${kind[0]}`, nearAddress: `${subnet}.1`, farAddress: `${subnet}.2` }
  })
  for (const { kind, near, nearAddress, farAddress } of cables) {
    await run(ip, ['link', 'add', near, 'type', 'veth', 'peer', 'name', kind, 'netns', name])
    await run(ip, ['addr', 'add', `${nearAddress}/30`, 'dev', near])
    await run(ip, ['link', 'set', near, 'up'])
    await run(ip, ['-n', name, 'addr', 'add', `${farAddress}/30`, 'dev', kind])
    await run(ip, ['-n', name, 'link', 'set', kind, 'up'])
  }
  const of = (kind: Cable) => {
    const found = cables.find(cable => cable.kind === kind)
    if (!found) throw new Error(`no cable to the ${kind}`)
    return found
  }
  const near = async (kind: Cable, state: 'up' | 'down') =>
    void (await run(ip, ['link', 'set', of(kind).near, state]))
  const route = async (kind: Cable, what: 'add' | 'del') =>
    void (await run(ip, ['-n', name, 'route', what, 'blackhole', `${of(kind).nearAddress}/32`]))
  return {
    address: of('clients').farAddress,
    via: {
      clients: of('clients').nearAddress,
      database: of('database').nearAddress,
      bus: of('bus').nearAddress,
    },
    through: [ip, 'netns', 'exec', name],
    cut: cable => near(cable, 'down'),
    mend: cable => near(cable, 'up'),
    muffle: cable => route(cable, 'add'),
    unmuffle: cable => route(cable, 'del'),
    async remove() {
      // The namespace goes with its last process, and takes its ends of the cables with it.
      for (const cable of cables) await run(ip, ['link', 'delete', cable.near]).catch(() => undefined)
      await run(ip, ['netns', 'delete', name])
    },
  }
}
