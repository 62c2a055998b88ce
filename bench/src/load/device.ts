import { type Account, type Dialect, dialects, type Kind, type Said } from './dialects.js'
import { clientFrame } from './frame.js'
import type { Target } from './orders.js'
import { openClient, type WsClient } from './ws-client.js'

/** A connected client that is told what comes in, by kind. */
export interface Device {
  readonly client: WsClient
  /** Prepared frames to its peer. */
  readonly frames: Readonly<Record<Said, Buffer>>
  heard: (kind: Kind) => void
}

export type Fail = (why: string) => void

const quiet = () => undefined

/** Opens a device and resolves when the server has let it in. */
export function openDevice(
  { dialect, port, account, peer }: { dialect: Dialect; port: number; account: Account; peer: string },
  fail: Fail,
): Promise<Device> {
  const prepared = (said: Said) => clientFrame(dialect.say(said, account.number, peer))
  const pong = dialect.pong === undefined ? undefined : clientFrame(dialect.pong)
  const hello = dialect.hello(account)
  return new Promise((resolve, reject) => {
    let device: Device | undefined
    const client = openClient(port, dialect.path(account), {
      opened() {
        if (hello !== undefined) client.send(clientFrame(hello))
      },
      text(data, start, end) {
        const kind = dialect.kindOf(data, start, end)
        if (kind === 'fault') fail(`the server said ${data.subarray(start, end).toString()}`)
        else if (kind === 'ping' && pong) client.send(pong)
        else if (device) device.heard(kind)
        else if (kind === 'ready') {
          device = {
            client,
            frames: {
              offer: prepared('offer'),
              answer: prepared('answer'),
              candidate: prepared('candidate'),
              bye: prepared('bye'),
            },
            heard: quiet,
          }
          resolve(device)
        }
      },
      closed(why) {
        reject(new Error(why))
        if (device) fail(why)
      },
    })
  })
}

export type Pair = readonly [caller: Device, callee: Device]

/** Connects neighbours of the target's accounts as pairs: the caller at the first port, the callee at the last. */
export async function openPairs({ dialect, ports, accounts }: Target, fail: Fail): Promise<Pair[]> {
  const [first = 0] = ports
  const last = ports.at(-1) ?? first
  const pairs: Pair[] = []
  for (let n = 0; n + 1 < accounts.length; n += 2) {
    const [a, b] = [accounts[n] as Account, accounts[n + 1] as Account]
    const speaks = dialects[dialect]
    pairs.push(
      await Promise.all([
        openDevice({ dialect: speaks, port: first, account: a, peer: b.number }, fail),
        openDevice({ dialect: speaks, port: last, account: b, peer: a.number }, fail),
      ]),
    )
  }
  return pairs
}

export function closePairs(pairs: readonly Pair[]): void {
  for (const device of pairs.flat()) device.client.destroy()
}
