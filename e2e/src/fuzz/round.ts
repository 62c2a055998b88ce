import { readFile } from 'node:fs/promises'
import { type Findings, openFindings } from './findings.js'
import { type Addresses, fuzzFrames } from './frames-campaign.js'
import { honestCall } from './honest-pair.js'
import { fuzzRest } from './rest-campaign.js'

/** Of a thousand inputs so many are REST requests; the others are messages and frames. */
const requestsOfThousand = 200

export interface RoundFigures {
  readonly inputs: number
  readonly ms: number
  /** An honest call's set-up to its end, right after. */
  readonly honestMs: number
  readonly residentMiB: number
}

/** The resident memory of a process. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

/** Sends `inputs` of them, made from `seed`, at a running server; then two honest people call each other. */
export async function playRound(
  server: Addresses & { readonly pid: number },
  seed: number,
  inputs: number,
): Promise<{ readonly findings: Findings; readonly figures: RoundFigures }> {
  const findings = openFindings()
  const requests = Math.round((inputs * requestsOfThousand) / 1000)
  const since = performance.now()
  const attempt = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch(
      error => void findings.add({ seed, fault: `the round broke off: ${error.message}`, input: [] }),
    )
  await attempt(fuzzRest(server, { count: requests, seed }, findings))
  await attempt(fuzzFrames(server, { count: inputs - requests, seed }, findings))
  const ms = performance.now() - since
  const honestMs = (await attempt(honestCall(server))) ?? Number.NaN
  const resident = (await attempt(residentMiB(server.pid))) ?? Number.NaN
  const figures = { inputs: findings.inputs, ms, honestMs, residentMiB: resident }
  return { findings, figures }
}

/** Lines of a server's log that tell of a fault of ours. */
export const faultsLogged = (logs: string) =>
  logs.split('\n').filter(line => /"level":("error"|"fatal"|50|60)/.test(line))
