import type { Heard, Phone } from './phone.js'

/** Two phones of the crowd and what is between them. */
export interface Couple {
  readonly caller: Phone
  readonly callee: Phone
  callId: string | undefined
  state: 'apart' | 'ringing' | 'established'
}

const sdp = `v=0\r\n${'a=candidate:1 1 udp 2130706431 192.0.2.1 54400 typ host\r\n'.repeat(20)}`

async function asked(phone: Phone, message: object): Promise<void> {
  const refused = await phone.ask(message)
  if (refused) throw new Error(`${(message as Heard).REASON} refused: ${refused}`)
}

/** The caller dials and the callee rings. */
export async function ring(couple: Couple): Promise<void> {
  const { caller, callee } = couple
  const rings = callee.until('the call', ({ REASON, SENDER_PHONE_NUMBER }) => {
    return REASON === 'call' && SENDER_PHONE_NUMBER === caller.number
  })
  const ringing = caller.until('ringing', ({ REASON }) => REASON === 'ringing')
  const [call] = await Promise.all([
    rings,
    ringing,
    asked(caller, { REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: sdp }),
  ])
  couple.callId = call.CALL_ID
  couple.state = 'ringing'
}

export async function answer(couple: Couple): Promise<void> {
  const { caller, callee, callId } = couple
  const answered = caller.until('the answer', ({ REASON, CALL_ID }) => {
    return REASON === 'callResponse' && CALL_ID === callId
  })
  await Promise.all([
    answered,
    asked(callee, {
      REASON: 'callResponse',
      RESPONSE: 'accept',
      RECEIVER_PHONE_NUMBER: caller.number,
      SDP: sdp,
    }),
  ])
  couple.state = 'established'
}

/** Each hears what the other says, both ways at once, in order and once. */
export async function talk({ caller, callee }: Couple, times: number, title: string): Promise<void> {
  const way = async (from: Phone, to: Phone) => {
    const heard: unknown[] = []
    const all = to.until(`${times} candidates`, ({ REASON, CANDIDATE }) => {
      if (REASON === 'ICECandidate') heard.push(CANDIDATE)
      return heard.length === times
    })
    const said = Array.from({ length: times }, (_, n) => `${title} ${n}`)
    await Promise.all([
      all,
      ...said.map(candidate =>
        asked(from, { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: to.number, CANDIDATE: candidate }),
      ),
    ])
    if (heard.join() !== said.join()) throw new Error(`heard ${heard.join()}, said was ${said.join()}`)
  }
  await Promise.all([way(caller, callee), way(callee, caller)])
}

export async function hangUp(couple: Couple): Promise<void> {
  const { caller, callee, callId } = couple
  const over = callee.until('the end', ({ REASON, CALL_ID }) => REASON === 'HangUp' && CALL_ID === callId)
  couple.state = 'apart'
  const [end] = await Promise.all([
    over,
    asked(caller, { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: callee.number }),
  ])
  if (end.CAUSE !== 'hung_up') throw new Error(`ended with ${end.CAUSE}`)
}
