import type { LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Payload } from '../../exchange/call.js'
import type { Session, Socket } from '../../signaling/session.js'
import { textOf } from '../../signaling/text-frames.js'
import type { SimulatedNode } from './cluster.testing.js'
import type { History } from './history.testing.js'
import type { Person } from './people.testing.js'
import type { Chance, VirtualTime } from './time.testing.js'

interface Heard {
  readonly REASON: string
  readonly CALL_ID?: string
  readonly SEQ?: number
  readonly SENDER_PHONE_NUMBER?: string
  readonly RECEIVER_PHONE_NUMBER?: string
  readonly RESPONSE?: string
  readonly CAUSE?: string
  readonly CANDIDATE?: string
  readonly ID?: string
  readonly CODE?: string
  readonly SESSION?: string
  readonly RESUMED?: boolean
  readonly CALLS?: readonly {
    readonly CALL_ID: string
    readonly STATE: string
    readonly HERE: boolean
    readonly SENDER_PHONE_NUMBER: string
    readonly RECEIVER_PHONE_NUMBER: string
  }[]
}

export type Phone = ReturnType<typeof createPhone>

export interface PhoneDeps {
  readonly name: string
  readonly person: Person
  readonly login: LoginId
  readonly time: VirtualTime
  readonly random: Chance
  readonly history: History
  /** Nodes that take sockets now. */
  readonly nodes: () => readonly SimulatedNode[]
  readonly numberOf: (userId: UserId) => PhoneNumber
}

/** A client as it should be: comes back, resumes, and believes `CALLS`. */
export function createPhone({ name, person, login, time, random, history, nodes }: PhoneDeps) {
  let link: { node: SimulatedNode; socket: Socket; session: Session | undefined; isOpen: boolean } | undefined
  let session: string | undefined
  let lastSeq = 0
  let isWanted = true
  let said = 0
  /** What it takes part in: the other's number, and how far it is. */
  const calls = new Map<string, { other: string; state: 'dialling' | 'rung' | 'on' }>()

  function connectLater(ms: number) {
    time.after(ms, () => {
      if (isWanted && !link) void connect()
    })
  }

  async function connect() {
    const node = random.pick(nodes())
    if (!node) return connectLater(500)
    const socket: Socket = {
      send: text => hear(mine, text),
      write: frame => hear(mine, textOf(frame)),
      probe: got => time.after(random.between(1, 50), () => void (mine.isOpen && got())),
      close: () => void lost(mine, false),
    }
    const mine = { node, socket, session: undefined as Session | undefined, isOpen: true }
    link = mine
    const resume = session !== undefined && random.is(0.7) ? { SESSION: session, LAST_SEQ: lastSeq } : {}
    const message = { REASON: 'connect', TOKEN: `${person.userId} ${login}`, ...resume } as const
    const connected = await node.signaling.connect(message, socket, () => mine.isOpen)
    if ('close' in connected) return lost(mine, false)
    mine.session = connected.session
    if (!mine.isOpen) node.signaling.lost(connected.session, socket)
  }

  function lost(mine: NonNullable<typeof link>, isSilent: boolean) {
    if (!mine.isOpen) return
    mine.isOpen = false
    if (mine.session && !isSilent) mine.node.signaling.lost(mine.session, mine.socket)
    if (link === mine) link = undefined
    connectLater(random.between(5, 1_500))
  }

  function hear(mine: NonNullable<typeof link>, frame: string) {
    if (!mine.isOpen) return
    const heard = JSON.parse(frame) as Heard
    if (heard.SEQ !== undefined) {
      history.check(heard.SEQ > lastSeq, `${name} hears SEQ ${heard.SEQ} after ${lastSeq}`)
      lastSeq = heard.SEQ
    }
    if (heard.REASON === 'connected') return greeted(mine, heard)
    if (heard.ID !== undefined) history.answered(name, heard.ID, heard.REASON === 'ack')
    if (heard.REASON === 'error') history.note(`${name} hears error ${heard.CODE}`)
    if (heard.CALL_ID === undefined) return
    history.heard({
      phone: name,
      session: session ?? '',
      userId: person.userId,
      ...heard,
      CALL_ID: heard.CALL_ID,
    })
    const known = calls.get(heard.CALL_ID)
    switch (heard.REASON) {
      case 'call':
        if (!known) calls.set(heard.CALL_ID, { other: heard.SENDER_PHONE_NUMBER ?? '', state: 'rung' })
        return
      case 'ringing':
        calls.set(heard.CALL_ID, { other: heard.RECEIVER_PHONE_NUMBER ?? '', state: 'dialling' })
        return
      case 'callResponse':
        if (heard.RESPONSE === 'accept')
          calls.set(heard.CALL_ID, { other: heard.SENDER_PHONE_NUMBER ?? '', state: 'on' })
        else calls.delete(heard.CALL_ID)
        return
      case 'HangUp':
        calls.delete(heard.CALL_ID)
    }
  }

  function greeted(mine: NonNullable<typeof link>, { SESSION, RESUMED, CALLS = [] }: Heard) {
    if (SESSION !== session) {
      session = SESSION
      lastSeq = 0
    }
    // One that goes on at another device of the user is listed as well.
    const own = CALLS.filter(call => call.HERE)
    const ringing = RESUMED ? [] : own.filter(({ STATE }) => STATE === 'ringing')
    const [ids, ringingIds] = [own, ringing].map(calls => calls.map(({ CALL_ID }) => CALL_ID))
    history.greeted(`${name} at ${mine.node.name}`, session ?? '', ids ?? [], ringingIds ?? [])
    if (RESUMED) return
    // What is not listed is over, and what is goes on.
    const listed = new Map(CALLS.map(call => [call.CALL_ID, call]))
    for (const callId of calls.keys()) if (!listed.has(callId)) calls.delete(callId)
    for (const { CALL_ID, STATE, HERE, SENDER_PHONE_NUMBER: from, RECEIVER_PHONE_NUMBER: to } of CALLS) {
      const other = from === person.number ? to : from
      if (HERE) calls.set(CALL_ID, { other, state: STATE === 'established' ? 'on' : 'dialling' })
    }
  }

  function say(reason: string, to: string, more: object, payload?: string, withId = random.is(0.5)) {
    if (!link?.session || link.node.isFrozen()) return undefined
    const id = `${name}-${++said}`
    const message = { REASON: reason, RECEIVER_PHONE_NUMBER: to, ...more, ...(withId && { ID: id }) }
    history.said(name, session ?? '', id, withId, message as never, payload)
    link.node.signaling.handle(link.session, { message: message as never, payload: payload as Payload })
    return id
  }

  const inState = (...states: string[]) => [...calls].filter(([, { state }]) => states.includes(state))

  connectLater(random.between(0, 50))
  return {
    name,
    person,
    isConnected: () => link?.session !== undefined && link.isOpen,
    node: () => link?.node,
    hasCalls: () => calls.size > 0,
    call: (to: string) => say('call', to, {}, `"offer ${name} ${said}"`),
    answer(response: 'accept' | 'deny') {
      const [callId, call] = random.pick(inState('rung')) ?? []
      if (!callId || !call) return
      const sent = say(
        'callResponse',
        call.other,
        { RESPONSE: response, CALL_ID: callId },
        `"answer ${name}"`,
      )
      if (sent === undefined) return
      if (response === 'accept') calls.set(callId, { ...call, state: 'on' })
      else calls.delete(callId)
    },
    trickle() {
      const [callId, call] = random.pick(inState('rung', 'dialling', 'on')) ?? []
      if (callId && call?.other)
        say('ICECandidate', call.other, { CALL_ID: callId }, `"${name} ${session} ${said}"`)
    },
    hangUp() {
      const [callId, call] = random.pick(inState('dialling', 'on')) ?? []
      if (!callId || !call?.other) return
      if (say('HangUp', call.other, { CALL_ID: callId }) !== undefined) calls.delete(callId)
    },
    /** Its network is gone; the node hears of it at once, or after a while. */
    drop() {
      const mine = link
      if (!mine) return
      const isSilent = random.is(0.3)
      lost(mine, isSilent)
      if (isSilent)
        time.after(random.between(1_000, 35_000), () => {
          if (mine.session && mine.node.isUp()) mine.node.signaling.lost(mine.session, mine.socket)
        })
    },
    /** The node it was connected to died. */
    nodeDied(node: SimulatedNode) {
      if (link?.node === node) lost(link, true)
    },
    /** The node it is connected to closes its socket. */
    sentAway(node: SimulatedNode) {
      if (link?.node === node) lost(link, false)
    },
    /** Stays away from now on. */
    leave() {
      isWanted = false
      const mine = link
      if (mine) lost(mine, false)
    },
  }
}
