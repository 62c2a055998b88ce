import {
  type Call,
  type CallEvents,
  type Phone,
  reconnectPolicy,
  type SessionStore,
  Switchboard,
  type SwitchboardOptions,
} from '@switchboard/client'
import { afterEach } from 'vitest'
import WebSocket from 'ws'
import type { Account } from '../people.js'
import type { Running } from '../running.js'

/** A phone of the SDK on a real server, with a network that a test can take away. */
export interface Handset {
  readonly phone: Phone
  readonly account: Account
  readonly number: string
  readonly store: SessionStore
  /** The next call that comes in; one that rang before counts. */
  incoming(): Promise<Call>
  /** Cuts the connection, as a lost network does. */
  cut(): void
  /** Cuts it, and lets no other through until the end is called. */
  away(): () => void
  /** The page is gone, without a goodbye to anybody. */
  vanish(): void
  /** The same page, loaded again. */
  reload(): Promise<Handset>
}

export type HandsetOptions = Partial<Omit<SwitchboardOptions, 'url'>>

const within = 10_000

/** A promise that says what it waited for when it is not kept. */
export function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`awaited ${what}; nothing came`)), within)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** The next event of this name of a call, with what it says. */
export const next = <Name extends keyof CallEvents>(call: Call, name: Name): Promise<CallEvents[Name]> =>
  soon(name, new Promise(resolve => call.once(name, (...args) => resolve(args))))

const steps = ['ringing', 'connected', 'reconnecting', 'reconnected', 'ended'] as const

/** Resolves when the call stands at this phase, now or later. */
export const reaches = (call: Call, phase: Call['phase']): Promise<Call> =>
  soon(
    phase,
    new Promise((resolve, reject) => {
      const look = () => {
        if (call.phase === phase) resolve(call)
        else if (call.end) reject(new Error(`awaited ${phase}; the call ended: ${call.end.cause}`))
      }
      for (const step of steps) call.on(step, look)
      look()
    }),
  )

/** Makes handsets, and closes them when the test is over. */
export function handsets(server: Running) {
  const closing = new Set<() => void>()
  afterEach(() => {
    for (const close of closing) close()
    closing.clear()
  })

  async function open(
    account: Account,
    kept: Map<string, string>,
    options: HandsetOptions,
    restoring: boolean,
  ) {
    const sockets = new Set<WebSocket>()
    let isAway = false
    class Network extends WebSocket {
      constructor(url: string) {
        super(isAway ? 'ws://127.0.0.1:9' : url)
        sockets.add(this)
        this.on('close', () => sockets.delete(this))
      }
    }
    const cut = () => {
      for (const socket of sockets) socket.terminate()
    }
    const store: SessionStore = {
      getItem: key => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: key => void kept.delete(key),
    }
    const given: SwitchboardOptions = {
      url: server.api,
      media: null,
      store,
      transport: { WebSocket: Network },
      // The policy decides, the test does not wait as long.
      reconnect: (lost, random) => {
        const decision = reconnectPolicy(lost, random)
        return 'stop' in decision ? decision : { retryInMs: Math.min(decision.retryInMs, 100) }
      },
      ...options,
    }
    const { email, password } = account
    const phone = restoring
      ? await Switchboard.restore(given)
      : await Switchboard.login({ ...given, email, password })
    if (!phone) throw new Error('there was nothing to restore')
    closing.add(phone.close)
    const waiting: Call[] = []
    let wake = () => {}
    phone.on('incoming', call => {
      waiting.push(call)
      wake()
    })
    const handset: Handset = {
      phone,
      account,
      number: phone.number,
      store,
      incoming: async () => {
        while (waiting.length === 0)
          await soon('an incoming call', new Promise<void>(resolve => (wake = resolve)))
        return waiting.shift() as Call
      },
      cut,
      away() {
        isAway = true
        cut()
        return () => {
          isAway = false
        }
      },
      vanish() {
        const page = new Map(kept)
        isAway = true
        cut()
        phone.close()
        kept.clear()
        for (const [key, value] of page) kept.set(key, value)
      },
      async reload() {
        handset.vanish()
        return open(account, kept, options, true)
      },
    }
    return handset
  }

  return {
    /** A phone of a new person, or of the given one. */
    async handset(account?: Account, options: HandsetOptions = {}): Promise<Handset> {
      return open(account ?? (await server.join()), new Map(), options, false)
    },
  }
}

/** A call between two handsets, connected on both sides. */
export async function connect(caller: Handset, callee: Handset): Promise<readonly [Call, Call]> {
  const [outgoing, incoming] = await Promise.all([caller.phone.call(callee.number), callee.incoming()])
  await incoming.accept()
  await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
  return [outgoing, incoming]
}
