import { expectEqual, expectTrue } from '../check/expect.js'
import { type Case, casesOf } from '../run/case.js'
import type { Trial } from '../run/trial.js'
import { type Dialogue, publishedDialogues } from './dialogue.js'
import { placing } from './placeholders.js'
import { fence, fill, setStage } from './stage.js'

/** Says what was said when it was recorded; the server must say what it said then. */
async function replay(t: Trial, { devices, steps }: Dialogue): Promise<void> {
  const { wires, values } = await setStage(t, devices)
  const said = new Map(values)
  const { place } = placing(values)
  for (const step of steps) {
    if ('from' in step) {
      wires.get(step.from)?.sendText(fill(step.frame, said))
      continue
    }
    const frame = await wires.get(step.to)?.until(JSON.stringify(step.frame), () => true)
    expectEqual(`to ${step.to}`, place(step.to, frame ?? {}), step.frame)
    if (typeof frame?.CALL_ID === 'string') said.set(String(step.frame.CALL_ID), frame.CALL_ID)
  }
  for (const [device, wire] of wires) {
    const more = await fence(wire)
    expectTrue(`no more to ${device}`, more.length === 0, more)
  }
}

/** A case each. */
export const dialogueCases = (): Case[] =>
  casesOf(
    'dialogue',
    publishedDialogues().map(
      each => [each.name, each.clause, each.says, (t: Trial) => replay(t, each)] as const,
    ),
  )
