import fc from 'fast-check'
import { type Account, login, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import { type Findings, type Share, shareOut } from './findings.js'
import { openFuzzDevice } from './fuzz-device.js'
import { type Actor, fill } from './placeholders.js'
import { anyStep, devicesOf, type Step } from './steps.js'
import { beStranger } from './stranger.js'

const groups = 20
const batchSize = 80

export interface Addresses {
  readonly api: string
  readonly signal: string
}

/** Three people with four devices, who do whatever they are told. */
export async function openGroup(
  { api, signal }: Addresses,
  on: { fault(what: string): void; outcome(what: string): void },
) {
  const rest: Rest = (method, path, options) => request(api, method, path, options)
  const accounts: Account[] = []
  for (const _ of new Set(devicesOf)) {
    const who = person({ password: 'Kestrel marigold' })
    await register(rest, who)
    accounts.push({ ...who, token: await login(rest, who) })
  }
  // Of the third nobody learns an address: what is said to and by that one goes through the screen.
  const body = { relay_only_for_strangers: true }
  await rest('PUT', '/put_settings', { body, token: accounts.at(-1)?.token })
  const numbers = Object.fromEntries(accounts.map(({ phone_number }, n) => [`user${n}`, phone_number]))
  const actors = accounts.map(({ token, phone_number }, n): Actor => {
    const otherToken = accounts[(n + 1) % accounts.length]?.token ?? ''
    return { token, values: { ...numbers, me: phone_number, otherToken } }
  })
  const actorOf = (device: number) => actors[devicesOf[device] ?? 0] as Actor
  const devices = devicesOf.map((_, n) => openFuzzDevice({ url: signal, actor: () => actorOf(n), ...on }))

  async function take(step: Step) {
    const device = devices[step.device]
    switch (step.kind) {
      case 'text':
        return device?.text(step.payload, step.cuts)
      case 'control':
        return device?.control(step.opcode, step.payload)
      case 'wild':
        return device?.wild(step.frames)
      case 'drop':
        return device?.drop(step.resume)
      case 'settle':
        return device?.settle()
      case 'stranger':
        return beStranger(
          signal,
          step.payloads.map(payload => fill(payload, actorOf(step.device))),
          on.fault,
        )
    }
  }

  return {
    /** Lets them all happen, one after another but without waiting for answers; then waits for those. */
    async play(steps: readonly Step[]) {
      for (const device of devices) await device.open()
      for (const step of steps) await take(step)
      for (const device of devices) await device.settle()
    },
    close: () => devices.forEach(device => void device.close()),
  }
}

/** Frames that make one message, however many, count once. */
const inputsOf = (step: Step) => (step.kind === 'stranger' ? step.payloads.length : 1)

/** Sends some `share.count` messages and frames; batch n is made from seed + n. */
export async function fuzzFrames(addresses: Addresses, share: Share, findings: Findings): Promise<void> {
  await shareOut(groups, share, batchSize, async () => {
    let batch: { readonly seed: number; readonly steps: readonly Step[] } = { seed: share.seed, steps: [] }
    const fault = (what: string) => findings.add({ seed: batch.seed, fault: what, input: batch.steps })
    const group = await openGroup(addresses, { fault, outcome: findings.outcome })
    return {
      async batch(seed, size) {
        batch = { seed, steps: fc.sample(anyStep, { seed, numRuns: size }) }
        await group.play(batch.steps).catch((error: Error) => fault(error.message))
        for (const step of batch.steps) findings.sent(inputsOf(step))
      },
      close: group.close,
    }
  })
}
