import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import type { Rest } from '../people.js'

interface Acknowledged {
  readonly callId: string
  answered: boolean
  ended: boolean
}

/** Two who call each other again and again, and what the server took responsibility for. */
export interface CallBook {
  readonly acknowledged: number
  pause(): Promise<void>
  /** Acknowledged steps that the history does not know. */
  missing(): Promise<string[]>
}

export function keepCalling(rest: Rest, caller: Device, callee: Device): CallBook {
  const book: Acknowledged[] = []
  let calling = true

  async function once(): Promise<void> {
    const isAck = async (from: Device, message: Record<string, unknown>) =>
      (await from.ask(message)).REASON === 'ack'
    const [to, back] = [{ RECEIVER_PHONE_NUMBER: callee.number }, { RECEIVER_PHONE_NUMBER: caller.number }]
    for (const device of [caller, callee]) device.wire.drain()
    if (!(await isAck(caller, { REASON: 'call', SDP: 'offer', ...to }))) return
    const news = await caller.until(
      'news of the call',
      ({ REASON }) => REASON === 'ringing' || REASON === 'HangUp',
    )
    const entry = { callId: String(news.CALL_ID), answered: false, ended: false }
    book.push(entry)
    if (news.REASON === 'HangUp') return
    entry.answered = await isAck(callee, {
      REASON: 'callResponse',
      RESPONSE: 'accept',
      SDP: 'answer',
      ...back,
    })
    entry.ended = await isAck(caller, { REASON: 'HangUp', ...to })
  }

  const done = (async () => {
    while (calling) {
      // While the database is away an answer may take longer than the device waits: then nothing was acknowledged.
      await once().catch(() => caller.hangUp(callee.number))
      await sleep(20)
    }
  })()

  async function history() {
    const calls = new Map<string, { answered_at: string | null; ended_at: string | null }>()
    for (let cursor = ''; ; ) {
      const after = cursor && `&cursor=${encodeURIComponent(cursor)}`
      const { body } = await rest('GET', `/get_call_history?limit=100${after}`, {
        token: caller.account.token,
      })
      const page = body.calls as { call_id: string; answered_at: string | null; ended_at: string | null }[]
      for (const call of page) calls.set(call.call_id, call)
      if (!body.next_cursor) return calls
      cursor = String(body.next_cursor)
    }
  }

  return {
    get acknowledged() {
      return book.reduce((sum, { answered, ended }) => sum + 1 + Number(answered) + Number(ended), 0)
    },
    async pause() {
      calling = false
      await done
    },
    async missing() {
      const calls = await history()
      return book.flatMap(({ callId, answered, ended }) => {
        const stored = calls.get(callId)
        if (!stored) return [`call ${callId}`]
        return [
          ...(answered && !stored.answered_at ? [`the answer of call ${callId}`] : []),
          ...(ended && !stored.ended_at ? [`the end of call ${callId}`] : []),
        ]
      })
    },
  }
}
