import type { CallId, UserId } from '@switchboard/protocol'
import type { SimulatedDatabase } from './database.testing.js'

interface Heard {
  readonly phone: string
  readonly session: string
  readonly userId: UserId
  readonly CALL_ID: string
  readonly REASON: string
  readonly RESPONSE?: string
  readonly CAUSE?: string
  readonly CANDIDATE?: string
}

export type History = ReturnType<typeof createHistory>

/** Writes down what everybody says and hears, and holds it against the rules of a call. */
export function createHistory(now: () => number) {
  const story: string[] = []
  const faults: string[] = []
  /** Sessions that heard the end of a call. */
  const ended = new Set<string>()
  const winners = new Map<string, string>()
  /** A node died before it had written what it told. */
  let isForgetful = false
  /** Of each pair of sessions, the numbers of the candidates that arrived. */
  const trickled = new Map<string, number>()
  const participants = new Map<string, Set<UserId>>()
  /** Who heard of which call. */
  const told = new Set<string>()
  const acked: { callId: string; reason: string; response: string | undefined }[] = []
  const waiting = new Map<
    string,
    { callId: string | undefined; reason: string; response: string | undefined }
  >()

  function note(text: string) {
    story.push(`${now().toFixed(1)} ${text}`)
    if (story.length > 400) story.shift()
  }

  function check(holds: boolean, rule: string) {
    if (holds) return
    note(`FAULT ${rule}`)
    faults.push(rule)
  }

  return {
    note,
    check,
    faults,
    story,

    /** Whom a call may reach. */
    mayHear(callId: CallId, users: readonly (UserId | undefined)[]) {
      const known = participants.get(callId) ?? new Set()
      for (const user of users) if (user) known.add(user)
      participants.set(callId, known)
    },

    said(
      phone: string,
      session: string,
      id: string,
      withId: boolean,
      message: { REASON: string; RECEIVER_PHONE_NUMBER: string; CALL_ID?: string; RESPONSE?: string },
      payload: string | undefined,
    ) {
      const { REASON: reason, CALL_ID: callId, RESPONSE: response } = message
      note(
        `${phone} (${session}) says ${reason} ${response ?? ''} to ${message.RECEIVER_PHONE_NUMBER} ${callId ?? ''} ${payload ?? ''}`,
      )
      if (withId) waiting.set(id, { callId, reason, response })
    },

    answered(phone: string, id: string, isDone: boolean) {
      const what = waiting.get(id)
      waiting.delete(id)
      note(`${phone} hears ${isDone ? 'ack' : 'error'} of ${id}`)
      if (what?.callId && isDone) acked.push({ ...what, callId: what.callId })
    },

    /** Nobody was promised what the dead one did in its last moments. */
    died() {
      isForgetful = true
    },

    /** `ringing`: of those calls, the ones that a fresh session is told to ring still. */
    greeted(phone: string, session: string, calls: readonly string[], ringing: readonly string[]) {
      note(`${phone} is connected (${session}), calls ${calls.join(' ')}`)
      for (const callId of calls)
        check(!ended.has(`${session} ${callId}`), `${phone} is told of a call that it heard the end of`)
      // Not acknowledged and not written: the accept that its session before heard never was.
      if (isForgetful) for (const callId of ringing) winners.delete(callId)
    },

    heard(heard: Heard) {
      const { phone, session, userId, CALL_ID: callId, REASON: reason } = heard
      const what = heard.CAUSE ?? heard.RESPONSE ?? heard.CANDIDATE ?? ''
      note(`${phone} (${session}) hears ${reason} ${what} of ${callId}`)
      told.add(`${callId} ${userId}`)
      check(!ended.has(`${session} ${callId}`), `${phone} hears ${reason} of a call after its end`)
      if (reason === 'HangUp' || (reason === 'callResponse' && heard.RESPONSE === 'deny')) {
        ended.add(`${session} ${callId}`)
      }
      if (reason === 'callResponse' && heard.RESPONSE === 'accept') {
        const before = winners.get(callId)
        check(
          before === undefined || before === `${phone} ${session}`,
          `two phones hear an accept of ${callId}`,
        )
        winners.set(callId, `${phone} ${session}`)
      }
      if (reason === 'ICECandidate' && heard.CANDIDATE) {
        const [sender = '', from = '', number = '0'] = heard.CANDIDATE.split(' ')
        check(sender !== phone, `${phone} hears its own candidate`)
        const pair = `${sender} ${from} ${phone} ${session} ${callId}`
        const last = trickled.get(pair) ?? -1
        check(Number(number) > last, `${phone} hears candidate ${number} of ${sender} after ${last}`)
        trickled.set(pair, Number(number))
      }
    },

    /** Who hears of a call takes part in it. Nothing acknowledged is lost: an accept that was acknowledged is in the row, and so is an end. */
    holdAgainst(database: SimulatedDatabase) {
      for (const pair of told) {
        const [callId = '', userId] = pair.split(' ')
        const known = participants.get(callId) // none: its node died before it was written
        check(!known || known.has(userId as UserId), `${userId} hears of ${callId}, which it has no part in`)
      }
      for (const { callId, reason, response } of acked) {
        const row = database.rowOf(callId as CallId)
        if (reason === 'HangUp' || response === 'deny')
          check(row?.call.state === 'ended', `an acknowledged ${reason} of ${callId} is not in its row`)
        if (response === 'accept') {
          const call = row?.call
          const isKept =
            call && (call.state === 'established' || (call.state === 'ended' && call.rangAt !== undefined))
          check(isKept === true, `an acknowledged accept of ${callId} is not in its row`)
        }
      }
    },
  }
}
