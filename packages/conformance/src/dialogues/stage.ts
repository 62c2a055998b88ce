import { randomUUID } from 'node:crypto'
import type { Member } from '../people/member.js'
import type { Trial } from '../run/trial.js'
import type { Frame, Wire } from '../wire/socket.js'

/** The sockets of a dialogue, none of which has said `connect`, and what its placeholders stand for. */
export interface Stage {
  readonly wires: ReadonlyMap<string, Wire>
  /** `{ada.number}` and `{ada.token}` by what they stand for. */
  readonly values: ReadonlyMap<string, string>
}

const personOf = (device: string) => device.split('/')[0] ?? device

export async function setStage(t: Trial, devices: readonly string[]): Promise<Stage> {
  const people = new Map<string, Member>()
  const wires = new Map<string, Wire>()
  const values = new Map<string, string>()
  for (const device of devices) {
    const name = personOf(device)
    const known = people.get(name)
    const member = known ? await t.again(known) : await t.person()
    if (!known && t.target.profile === 'strict')
      for (const other of people.values()) await t.befriend(member, other)
    if (!known) people.set(name, member)
    values.set(`{${device}.token}`, member.token)
    values.set(`{${name}.number}`, member.phone_number)
    wires.set(device, await t.socket({ who: device }))
  }
  return { wires, values }
}

/** A message with its placeholders filled in. */
export function fill(frame: object, values: ReadonlyMap<string, string>): string {
  let text = JSON.stringify(frame)
  for (const [placeholder, value] of values) text = text.replaceAll(placeholder, value)
  return text
}

/** What came before the server answered something said now. */
export async function fence(wire: Wire): Promise<Frame[]> {
  const ID = randomUUID()
  wire.send({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '000', ID })
  const before: Frame[] = []
  await wire.until('the answer to the fence', frame => {
    if (frame.ID === ID) return true
    if (!before.includes(frame)) before.push(frame)
    return false
  })
  return before
}
