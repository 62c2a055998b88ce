import type { Dialogue, Step } from '../dialogues/dialogue.js'
import { placing } from '../dialogues/placeholders.js'
import { fence, fill, setStage } from '../dialogues/stage.js'
import type { Trial } from '../run/trial.js'
import type { Frame } from '../wire/socket.js'
import type { Script } from './scripts.js'

/** Who is spoken of: who speaks, and whose number is named. */
function devicesOf(lines: Script['lines']): string[] {
  const named = [...JSON.stringify(lines).matchAll(/\{(\w+)\.number\}/g)].map(([, name = '']) => name)
  return [...new Set([...lines.map(([device]) => device), ...named])].toSorted()
}

/** Plays a script to a server and writes down what every device was sent after each line. */
export async function record(t: Trial, { lines, ...script }: Script): Promise<Dialogue> {
  const devices = devicesOf(lines)
  const { wires, values } = await setStage(t, devices)
  const { place } = placing(values)
  const steps: Step[] = []
  for (const [device, frame, hears] of lines) {
    steps.push({ from: device, frame })
    const wire = wires.get(device)
    if (!wire) throw new Error(`no ${device} in ${script.name}`)
    // With an ID what was said is done when it is answered; neither is written down.
    const ID = `said ${steps.length}`
    const awaited: ((each: Frame) => boolean)[] = []
    if (frame.REASON !== 'connect') awaited.push(each => each.ID === ID)
    if (hears !== undefined) awaited.push(each => each.REASON === hears)
    wire.sendText(fill(frame.REASON === 'connect' ? frame : { ...frame, ID }, values))
    const answered: Frame[] = []
    while (!awaited.every(passes => answered.some(passes)))
      answered.push(await wire.until('the answer', () => true))
    const came = new Map([[device, [...answered, ...(await fence(wire))]]])
    for (const [other, each] of wires) if (other !== device) came.set(other, await fence(each))
    for (const to of devices) {
      for (const { ID: _, ...each } of came.get(to) ?? [])
        if (each.REASON !== 'ack') steps.push({ to, frame: place(to, each) })
    }
  }
  return { ...script, devices, steps }
}
