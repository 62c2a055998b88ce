import { answer, type Couple, hangUp, ring, talk } from './call.js'
import { createPhone, type Enlisted, type Phone, type Watch } from './phone.js'

/** How those came back who had lost their socket since the last mark. */
export interface Return {
  readonly lost: number
  readonly resumed: number
  readonly fresh: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
  /** Most sockets that came within one second. */
  readonly busiest: number
  /** Attempts that led to nothing. */
  readonly failed: number
  readonly nodes: readonly number[]
}

export type Crowd = ReturnType<typeof createCrowd>

/** Many phones in one process: what the parent asks of it comes by name (main.ts). */
export function createCrowd() {
  let phones: Phone[] = []
  let couples: Couple[] = []
  let urls: readonly string[] = []
  const coupleOf = new Map<Phone, Couple>()
  const faults: string[] = []
  let markedAt = performance.now()
  let failed = 0
  const away = new Set<Phone>()
  const backAt: number[] = []
  const seen = { resumed: 0, fresh: 0, lost: 0 }
  let calling: { stop: boolean; done: Promise<void>[] } | undefined
  const tally = { calls: 0, slowest: 0 }

  const fault = (what: string) => {
    const at = ((performance.now() - markedAt) / 1_000).toFixed(1)
    if (faults.length < 100) faults.push(`${what} (at ${at} s)`)
  }

  const watch: Watch = {
    connected(phone, hello) {
      if (away.delete(phone)) {
        backAt.push(performance.now() - markedAt)
        if (hello.RESUMED) seen.resumed++
        else seen.fresh++
      }
      if (calling && !hello.RESUMED) fault(`a session was not continued at ${phone.number}, node ${phone.at}`)
      const couple = coupleOf.get(phone)
      if (!couple?.callId || couple.state === 'apart') return
      const mine = hello.CALLS?.find(({ CALL_ID }) => CALL_ID === couple.callId)
      if (!mine && !calling) fault(`a call that was ${couple.state} is gone at ${phone.number}`)
    },
    lost(phone, wasConnected) {
      if (!wasConnected) failed++
      else if (!away.has(phone)) {
        away.add(phone)
        seen.lost++
      }
    },
    heard(phone, frame) {
      const odd = frame.REASON === 'error' || frame.REASON === 'HangUp'
      if (odd && !(frame.REASON === 'HangUp' && frame.CAUSE === 'hung_up')) {
        fault(`${phone.number} heard ${frame.REASON} ${frame.CAUSE ?? frame.CODE}`)
      }
    },
    fault: (phone, what) => fault(`${phone.number}: ${what}`),
  }

  async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs
    while (!holds()) {
      if (performance.now() > deadline) return false
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    return true
  }

  async function inTurns<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>) {
    const queue = [...all]
    const worker = async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        await work(one).catch((error: unknown) => fault((error as Error).message))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  async function callOnAndOn(couple: Couple, run: { stop: boolean }) {
    while (!run.stop) {
      const since = performance.now()
      await ring(couple)
      await answer(couple)
      await talk(couple, 4, `call ${tally.calls}`)
      await hangUp(couple)
      tally.calls++
      tally.slowest = Math.max(tally.slowest, performance.now() - since)
      await new Promise(resolve => setTimeout(resolve, Math.random() * 200))
    }
  }

  return {
    enlist(people: readonly Enlisted[], at: readonly string[]) {
      urls = at
      phones = people.map((who, index) => createPhone(who, at, index, watch))
      return phones.length
    },

    /** Each in its turn, so many at once; how long that took. */
    async connect(atOnce: number): Promise<number> {
      const since = performance.now()
      await inTurns(phones, atOnce, async phone => {
        phone.on()
        if (!(await until(() => phone.isConnected, 60_000))) throw new Error('does not connect')
      })
      return performance.now() - since
    },

    /** Couples of neighbours; the last `ringing` of them are left ringing. */
    async pairUp(count: number, ringing: number) {
      couples = Array.from({ length: count }, (_, n): Couple => {
        const [caller, callee] = [phones[2 * n], phones[2 * n + 1]] as [Phone, Phone]
        return { caller, callee, callId: undefined, state: 'apart' }
      })
      for (const couple of couples)
        for (const one of [couple.caller, couple.callee]) coupleOf.set(one, couple)
      await inTurns(couples, 32, async couple => {
        await ring(couple)
        if (couples.indexOf(couple) < count - ringing) await answer(couple)
      })
    },

    /** Those who ring answer; everybody speaks with everybody; how many calls stand. */
    async talk(): Promise<number> {
      let stand = 0
      await inTurns(couples, 64, async couple => {
        if (couple.state === 'ringing') await answer(couple)
        await talk(couple, 2, `${couple.callId}`)
        stand++
      })
      return stand
    },

    /** Ends the calls of the last so many couples and lets them ring anew. */
    async ringAgain(count: number) {
      await inTurns(couples.slice(-count), 32, async couple => {
        await hangUp(couple)
        await ring(couple)
      })
    },

    hangUp: () => inTurns(couples, 64, hangUp),

    mark() {
      markedAt = performance.now()
      failed = 0
      backAt.length = 0
      seen.resumed = seen.fresh = seen.lost = 0
      away.clear()
    },

    /** All at once, without a word. */
    cut() {
      for (const phone of phones) phone.cut()
    },

    /** Waits until so many at least have lost their sockets and everybody is connected. */
    async back(atLeast: number, withinMs: number): Promise<Return & { readonly missing: number }> {
      await until(() => seen.lost >= atLeast && phones.every(phone => phone.isConnected), withinMs)
      const sorted = [...backAt].sort((a, b) => a - b)
      const part = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      let busiest = 0
      for (let from = 0, to = 0; to < sorted.length; to++) {
        while ((sorted[to] as number) - (sorted[from] as number) > 1_000) from++
        busiest = Math.max(busiest, to - from + 1)
      }
      return {
        missing: phones.filter(phone => !phone.isConnected).length,
        ...seen,
        p50: part(0.5),
        p99: part(0.99),
        worst: part(1),
        busiest,
        failed,
        nodes: urls.map((_, node) => phones.filter(phone => phone.at === node).length),
      }
    },

    /** Neighbours call each other all the time, from now on. */
    startCalling() {
      markedAt = performance.now()
      const run = { stop: false, done: [] as Promise<void>[] }
      couples = phones.flatMap((caller, n): Couple[] => {
        const callee = phones[n + 1]
        return n % 2 === 0 && callee ? [{ caller, callee, callId: undefined, state: 'apart' }] : []
      })
      run.done = couples.map(couple =>
        callOnAndOn(couple, run).catch((error: unknown) =>
          fault(
            `a call of ${couple.caller.number} to ${couple.callee.number} was lost: ${(error as Error).message}`,
          ),
        ),
      )
      calling = run
    },

    async stopCalling() {
      if (calling) calling.stop = true
      await Promise.all(calling?.done ?? [])
      return tally
    },

    /** What nobody should have seen; taken away with it. */
    faults: () => faults.splice(0),

    cost: () => ({ cpuMs: cpuMs(), memoryMb: process.memoryUsage.rss() / 2 ** 20 }),

    off() {
      for (const phone of phones) phone.off()
    },
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
