import type { CallId, UserId } from '@switchboard/protocol'
import { type Bus, NoResponders } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import type { Restored } from '../exchange/restore.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { type LeaseMeasures, leaseMeasures } from './measures.js'
import { type NodeId, nodeSubject } from './node-id.js'
import type { SharedClock } from './shared-clock.js'

export interface Seen {
  readonly node: NodeId
  readonly isFenced: boolean
  /** Since its lease was last renewed, by the database's clock. */
  readonly ageMs: number
  readonly hasCalls: boolean
}

/** Who decides about a living call; `node` undefined: nobody. */
export interface Owner {
  readonly node: NodeId | undefined
  readonly isFenced: boolean
  readonly ageMs: number
}

export interface Rescued {
  readonly calls: readonly Restored[]
  readonly terms: readonly (readonly [CallId, number])[]
}

export interface RescueStore {
  join(node: NodeId): Promise<void>
  leave(node: NodeId): Promise<void>
  /** Renews the node's lease unless it is fenced; tells of all nodes, and the database's time. */
  beat(node: NodeId): Promise<{ readonly seen: readonly Seen[]; readonly at: number }>
  isOrphaned(): Promise<boolean>
  forget(keptMs: number): Promise<void>
  /** Fences a node whose lease ran out so long ago, and takes its calls; none if it lives or another was first. */
  takeOver(self: NodeId, dead: NodeId, leaseMs: number): Promise<Rescued>
  /** Calls of no node: of a single process that became a cluster, or of one that left no trace. */
  adoptOrphans(self: NodeId): Promise<Rescued>
  ownersOf(userId: UserId): Promise<readonly Owner[]>
  /** Living calls that this node decides about, by their rows. */
  ownedBy(self: NodeId): Promise<readonly CallId[]>
  /** Takes up anew what this node owns and has lost. */
  takeOwn(self: NodeId, calls: readonly CallId[]): Promise<Rescued>
}

export interface LeaseDeps {
  readonly store: RescueStore
  readonly bus: Bus
  readonly self: NodeId
  readonly clock: Clock & Pick<SharedClock, 'set'>
  readonly timers: Timers
  readonly log: Logger
  readonly adopt: (rescued: Rescued) => void
  /** The lease is renewed; the database was asked at this (monotonic) time. */
  readonly onRenewed: (askedAt: number) => void
  /** Whether this node decides about the call. */
  readonly has: (callId: CallId) => boolean
  /** The node was fenced, by whomever. */
  readonly shun: (node: NodeId) => void
  /** Other nodes have taken over what this one decided: it stood still, or was cut off, for too long. */
  readonly onFenced: () => void
  readonly measures?: LeaseMeasures
}

/**
 * This node's lease in the database, and the calls of nodes that let theirs run out. Only a node whose own lease
 * never lapsed judges others: after the database was away all leases are old, and nobody is dead for that.
 */
export async function startLease(deps: LeaseDeps) {
  const { store, bus, self, clock, timers, log, adopt, measures = leaseMeasures() } = deps
  let soundSince = clock.monotonic()
  let lastBeat = clock.monotonic()
  let prunedAt = clock.monotonic()
  let lookedAt = clock.monotonic()
  let missing: ReadonlySet<CallId> = new Set()
  let stopTimer: () => void = () => undefined
  let isStopped = false
  let beating = Promise.resolve()
  let taking = Promise.resolve()

  async function beat() {
    const askedAt = clock.monotonic()
    const { seen, at } = await store.beat(self)
    clock.set(at, askedAt)
    const now = clock.monotonic()
    if (now - lastBeat > limits.leaseMs) soundSince = now
    lastBeat = now
    const own = seen.find(({ node }) => node === self)
    if (!own || own.isFenced) {
      isStopped = true
      measures.beats.fenced.add()
      return deps.onFenced()
    }
    measures.beats.renewed.add()
    deps.onRenewed(askedAt)
    if (now - soundSince < limits.leaseMs || now - askedAt > limits.leaseBeatMs) return
    for (const { node, isFenced } of seen) if (isFenced) deps.shun(node)
    for (const other of seen) {
      const isDead = other.isFenced ? other.hasCalls : other.ageMs > limits.leaseMs
      if (other.node !== self && isDead) await takeOver(other.node, limits.leaseMs)
    }
    if (now - lookedAt >= limits.ownLookMs) {
      lookedAt = now
      await takeUpLost()
    }
    if (await store.isOrphaned()) await adoptOrphans()
    if (now - prunedAt > limits.fencedKeepMs / 24) {
      prunedAt = now
      await store.forget(limits.fencedKeepMs)
    }
  }

  /** A call that was given to a node which died before it wrote anything is still ours by its row. */
  async function takeUpLost() {
    const absent = (await store.ownedBy(self)).filter(callId => !deps.has(callId))
    const lost = absent.filter(callId => missing.has(callId))
    missing = new Set(absent)
    if (lost.length > 0) take(await store.takeOwn(self, lost), 'lost on the way')
  }

  const takeOver = (dead: NodeId, leaseMs: number) =>
    taken(
      store.takeOver(self, dead, leaseMs).then(rescued => {
        if (rescued.terms.length > 0) deps.shun(dead)
        take(rescued, dead)
      }),
    )

  const adoptOrphans = () => taken(store.adoptOrphans(self).then(rescued => take(rescued, 'of no node')))

  /** Calls are this node's in the database a moment before it knows of them. */
  function taken(work: Promise<void>): Promise<void> {
    const before = taking
    taking = work.then(
      () => before,
      () => before,
    )
    return work
  }

  function take(rescued: Rescued, from: string) {
    if (rescued.terms.length === 0) return
    measures.takeovers.add()
    measures.callsTaken.add(rescued.calls.length)
    log.info({ calls: rescued.calls.length, from }, 'took over the calls of another node')
    adopt(rescued)
  }

  const isSound = () =>
    clock.monotonic() - lastBeat <= limits.leaseMs && clock.monotonic() - soundSince >= limits.leaseMs

  function beatOnAndOn() {
    beating = beat()
      .catch((error: unknown) => {
        measures.beats.failed.add()
        log.debug({ reason: (error as Error).message }, 'the lease was not renewed')
      })
      .then(() => {
        if (!isStopped) stopTimer = timers.after(limits.leaseBeatMs, beatOnAndOn)
      })
  }

  /** Whether nobody answers in the place of a node, as far as the bus knows. */
  const isSilent = (node: NodeId) =>
    bus.request(nodeSubject(node), 'ping', limits.busRequestMs).then(
      () => false,
      (error: unknown) => error instanceof NoResponders,
    )

  await store.join(self)
  measures.aged(() => (clock.monotonic() - lastBeat) / 1000)
  beatOnAndOn()

  return {
    /** Whether calls of this user live on, and where; those of a dead node are taken over on the spot. */
    async rescue(userId: UserId): Promise<'none' | 'rescued' | NodeId> {
      const owners = await store.ownersOf(userId)
      if (owners.length === 0) return 'none'
      for (const { node, isFenced, ageMs } of owners) {
        if (node === undefined) await adoptOrphans()
        else if (node === self) await taking
        else if (isFenced) await takeOver(node, limits.leaseMs)
        else if (isSound() && ageMs > limits.leaseSuspectMs && (await isSilent(node))) {
          await takeOver(node, limits.leaseSuspectMs)
        } else return node
      }
      return 'rescued'
    },

    async stop() {
      isStopped = true
      stopTimer()
      await beating
      await store.leave(self).catch(() => undefined)
    },
  }
}
