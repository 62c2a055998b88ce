import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { freshNumber, login, type Person, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import { faultOf } from './answer-faults.js'
import { type Findings, type Share, shareOut } from './findings.js'
import { openLane } from './http-lane.js'
import type { Actor } from './placeholders.js'
import { anyRequest, type RequestInput } from './requests.js'
import { writeRequest } from './write-request.js'

const lanes = 16
const batchSize = 100

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

/** Sends one request as `actor`; what is wrong with what came back. */
export async function tryRequest(
  lane: ReturnType<typeof openLane>,
  input: RequestInput,
  actor: Actor,
): Promise<{ fault: string | undefined; statuses: readonly number[] }> {
  const bytes = writeRequest(input, actor)
  const isHead = input.method === 'HEAD'
  const answers = input.orderly ? [await lane.ask(bytes, isHead)] : await lane.shout(bytes, isHead)
  const faults = answers.flatMap((answer, n) => faultOf(answer, isHead && n === 0) ?? [])
  return { fault: faults[0], statuses: answers.map(({ status }) => status) }
}

/** Sends `share.count` requests; batch n is made from seed + n. */
export async function fuzzRest(api: string, share: Share, findings: Findings): Promise<void> {
  const rest: Rest = (method, path, options) => request(api, method, path, options)
  const peer = person()
  await register(rest, peer)

  await shareOut(lanes, share, batchSize, async () => {
    const lane = openLane(api)
    const acting = await openActor(rest, peer.phone_number)
    return {
      async batch(seed: number, size: number) {
        const inputs = fc.sample(anyRequest, { seed, numRuns: size })
        for (const input of inputs) {
          const { fault, statuses } = await tryRequest(lane, input, acting.actor).catch((error: Error) => ({
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
      close: lane.close,
    }
  })
}
