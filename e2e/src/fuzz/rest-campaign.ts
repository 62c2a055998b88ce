import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { freshNumber, login, type Person, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import { faultOf } from './answer-faults.js'
import { type Findings, type Share, shareOut } from './findings.js'
import type { Addresses } from './frames-campaign.js'
import { type HttpLane, openLane } from './http-lane.js'
import type { Actor } from './placeholders.js'
import { anyRequest, type RequestInput } from './requests.js'
import { writeRequest } from './write-request.js'

const lanesAtOnce = 24
const batchSize = 50

/** Somebody registered, whose token is renewed when a request has ended it. */
async function openActor(rest: Rest, peer: string) {
  let who: Person = person()
  let token = ''
  const begin = async () => {
    who = person()
    await register(rest, who)
    token = await login(rest, who)
  }
  await begin()
  return {
    begin,
    isAlive: async () => (await rest('GET', '/get_user', { token })).status === 200,
    get actor(): Actor {
      const { email, password } = who
      const freshEmail = `fresh.${randomBytes(6).toString('hex')}@example.org`
      return { token, values: { email, password, peer, freshNumber: freshNumber(), freshEmail } }
    },
  }
}

/** A lane to each of the two ports that speak HTTP. */
export interface Lanes {
  readonly api: HttpLane
  readonly signal: HttpLane
  close(): void
}

export function openLanes({ api, signal }: Addresses): Lanes {
  const lanes = { api: openLane(api), signal: openLane(signal) }
  return {
    ...lanes,
    close() {
      lanes.api.close()
      lanes.signal.close()
    },
  }
}

/** Sends one request as `actor`; what is wrong with what came back. */
export async function tryRequest(
  lanes: Lanes,
  input: RequestInput,
  actor: Actor,
): Promise<{ fault: string | undefined; statuses: readonly number[] }> {
  const bytes = writeRequest(input, actor)
  const isHead = input.method === 'HEAD'
  const lane = lanes[input.port]
  const answers = input.orderly ? [await lane.ask(bytes, isHead)] : await lane.shout(bytes, isHead)
  const faults = answers.flatMap((answer, n) => faultOf(answer, isHead && n === 0) ?? [])
  return { fault: faults[0], statuses: answers.map(({ status }) => status) }
}

/** Sends `share.count` requests; batch n is made from seed + n. */
export async function fuzzRest(addresses: Addresses, share: Share, findings: Findings): Promise<void> {
  const rest: Rest = (method, path, options) => request(addresses.api, method, path, options)
  const peer = person()
  await register(rest, peer)

  await shareOut(lanesAtOnce, share, batchSize, async () => {
    const lanes = openLanes(addresses)
    const acting = await openActor(rest, peer.phone_number)
    return {
      async batch(seed: number, size: number) {
        const inputs = fc.sample(anyRequest, { seed, numRuns: size })
        for (const input of inputs) {
          const { fault, statuses } = await tryRequest(lanes, input, acting.actor).catch((error: Error) => ({
            fault: error.message,
            statuses: [],
          }))
          findings.sent(1)
          for (const status of statuses.length === 0 ? ['hung up'] : statuses)
            findings.outcome(String(status))
          if (fault) findings.add({ seed, fault, input })
          const lost = statuses[0] === 401 || statuses[0] === 204
          if (lost && !(await acting.isAlive())) await acting.begin()
        }
      },
      close: lanes.close,
    }
  })
}
