import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { createMeter, type Meter } from '../meter.js'
import type { Database } from '../storage/database.js'
import type { MailJob, MailJobs } from './mail-jobs.js'

export interface MailWorkerDeps {
  readonly database: Database
  readonly jobs: MailJobs
  /** Does what the job asks for. Rejects when it is worth another attempt. */
  readonly deliver: (job: MailJob, signal: AbortSignal) => Promise<'delivered' | 'nobody'>
  readonly clock: Clock
  readonly log: Logger
  readonly meter?: Meter
}

export interface MailWorker {
  start(): void
  /** Looks for due mail that much later, unless it looks sooner anyway. */
  wake(inMs: number): void
  stop(): Promise<void>
}

/** Wait before the next attempt: doubles with every failed one. */
export const retryMs = (attempts: number): number =>
  Math.min(limits.mailRetryMs * 2 ** (attempts - 1), limits.mailRetryMaxMs)

/** Jobs of one recipient, one after the other and in order: the newest code must be the last to arrive. */
function byRecipient(jobs: readonly MailJob[]): MailJob[][] {
  const lines = new Map<string, MailJob[]>()
  for (const job of jobs) lines.set(job.recipientKey, [...(lines.get(job.recipientKey) ?? []), job])
  return [...lines.values()]
}

/** What of an error may be logged: its code, never its text, which may hold the address. */
function reasonOf(error: unknown): string {
  const { code, responseCode, name } = error as { code?: unknown; responseCode?: unknown; name?: unknown }
  return [code ?? name, responseCode].filter(part => part !== undefined).join(' ')
}

/** Takes due jobs from the queue, any number of workers beside each other, and sees each through. */
export function createMailWorker(deps: MailWorkerDeps): MailWorker {
  const { database, jobs, deliver, clock, log, meter = createMeter() } = deps
  const mails = meter.countBy(
    'switchboard_mails_total',
    'Attempts to send a mail, by how they ended; nobody: there is no such account',
    'outcome',
    ['delivered', 'nobody', 'retried', 'given_up'],
  )
  let underWay = 0
  meter.gauge('switchboard_mails_under_way', 'Mails that are being sent right now', () => underWay)
  const stopping = new AbortController()
  let state: 'new' | 'started' | 'stopped' = 'new'
  let timer: NodeJS.Timeout | undefined
  let wakesAt = Number.POSITIVE_INFINITY
  let working: Promise<void> | undefined
  let again = false
  let failing = false
  let prunedAt = Number.NEGATIVE_INFINITY

  async function giveUp(job: MailJob, reason: string): Promise<void> {
    await jobs.fail(database, job.id)
    mails.given_up.add()
    log.warn({ job: job.id, kind: job.kind, attempts: job.attempts, reason }, 'a mail is given up')
  }

  async function postpone(job: MailJob, error: unknown): Promise<void> {
    const wait = state === 'stopped' ? 0 : retryMs(job.attempts)
    const at = new Date(clock.wall() + wait)
    const reason = reasonOf(error)
    if (at >= job.giveUpAt) return giveUp(job, reason)
    await jobs.retry(database, job.id, at)
    mails.retried.add()
    log.info({ job: job.id, kind: job.kind, reason, retryMs: wait }, 'a mail could not be sent yet')
    wake(wait)
  }

  async function attempt(job: MailJob): Promise<void> {
    if (clock.wall() >= job.giveUpAt.getTime()) return giveUp(job, 'too late')
    const limit = AbortSignal.timeout(limits.mailSendMs)
    let outcome: 'delivered' | 'nobody'
    underWay++
    try {
      outcome = await deliver(job, AbortSignal.any([limit, stopping.signal]))
    } catch (error) {
      return postpone(job, error)
    } finally {
      underWay--
    }
    mails[outcome].add()
    if (outcome === 'delivered' && job.kind === 'reset_code') await jobs.removeOlder(database, job)
    if (outcome === 'nobody') await jobs.remove(database, job.id)
    else log.info({ job: job.id, kind: job.kind, attempts: job.attempts }, 'a mail has left')
  }

  async function attemptLine(line: readonly MailJob[]): Promise<void> {
    for (const job of line) await attempt(job)
  }

  async function workOff(): Promise<void> {
    for (;;) {
      again = false
      const now = clock.wall()
      const until = new Date(now + limits.mailClaimMs)
      const due = await jobs.claim(database, new Date(now), until, limits.mailBatch)
      const lines = await Promise.allSettled(byRecipient(due).map(attemptLine))
      for (const line of lines) if (line.status === 'rejected') throw line.reason
      if (state === 'stopped' || (due.length === 0 && !again)) return
    }
  }

  async function prune(): Promise<void> {
    if (clock.monotonic() - prunedAt < limits.mailPruneMs) return
    prunedAt = clock.monotonic()
    await jobs.prune(database, new Date(clock.wall() - limits.mailKeepMs))
  }

  async function work(): Promise<void> {
    try {
      await workOff()
      await prune()
      failing = false
    } catch (error) {
      if (!failing) log.warn({ reason: reasonOf(error) }, 'the mail queue cannot be worked off')
      failing = true
    }
  }

  function run(): void {
    wakesAt = Number.POSITIVE_INFINITY
    if (working) {
      again = true
      return
    }
    working = work().finally(() => {
      working = undefined
      wake(again ? 0 : limits.mailPollMs) // asked for while the last of it was done
    })
  }

  function wake(inMs: number): void {
    const at = clock.monotonic() + inMs
    if (state !== 'started' || at >= wakesAt) return
    clearTimeout(timer)
    wakesAt = at
    timer = setTimeout(run, inMs)
  }

  return {
    wake,
    start() {
      state = 'started'
      wake(0)
    },
    async stop() {
      state = 'stopped'
      clearTimeout(timer)
      const patience = setTimeout(() => stopping.abort(), limits.mailStopMs)
      await working
      clearTimeout(patience)
    },
  }
}
