import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Target } from '../run/target.js'

export type Known = Omit<Target, 'freshNumber' | 'profile' | 'plan'> &
  Partial<Pick<Target, 'profile' | 'plan'>>

export interface Options {
  readonly server: Known
  /** Sections and cases by the beginning of their ids; all when empty. */
  readonly only: readonly string[]
  readonly jobs: number
  readonly json?: string
  readonly junit?: string
  readonly verbose: boolean
}

export type Wish =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'list'; readonly only: readonly string[] }

/** Said wrongly: what, for the terminal. */
export class Usage extends Error {
  override readonly name = 'Usage'
}

const spec = {
  signal: { type: 'string', multiple: true },
  only: { type: 'string', multiple: true },
  jobs: { type: 'string', default: '8' },
  profile: { type: 'string' },
  plan: { type: 'string' },
  'ring-timeout': { type: 'string', default: '60' },
  'resume-window': { type: 'string', default: '30' },
  patience: { type: 'string', default: '15' },
  'mailbox-url': { type: 'string' },
  ca: { type: 'string' },
  slow: { type: 'boolean', default: false },
  limits: { type: 'boolean', default: false },
  json: { type: 'string' },
  junit: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: spec, allowPositionals: true })
  } catch (error) {
    throw new Usage((error as Error).message)
  }
}

function address(text: string, ...protocols: readonly string[]): string {
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
    throw new Usage(`${text} is no address of ${protocols.join(' or ')}`)
  return text.replace(/\/+$/, '')
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Usage(`--${name} wants a number above 0, not ${text}`)
  return value
}

function choice<Value extends string>(name: string, text: string, ...values: readonly Value[]): Value {
  const found = values.find(value => value === text)
  if (!found) throw new Usage(`--${name} is ${values.join(' or ')}, not ${text}`)
  return found
}

function authority(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Usage(`--ca: ${(error as Error).message}`)
  }
}

/** What the command line asks for; throws `Usage`. */
export function readOptions(args: readonly string[]): Wish {
  const { values, positionals } = parse(args)
  const { only = [] } = values
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  if (values.list) return { kind: 'list', only }
  const [first, ...others] = positionals.map(text => address(text, 'http:', 'https:'))
  if (first === undefined) throw new Usage('say where the server is, like http://localhost:8080')
  const apis = [first, ...others] as const
  const ofApi = (api: string) => `${api.replace(/^http/, 'ws')}/signal`
  const [signal, ...signals] = (values.signal ?? []).map(text => address(text, 'ws:', 'wss:'))
  const server: Known = {
    apis: [first, ...others],
    signals: signal === undefined ? [ofApi(first), ...apis.slice(1).map(ofApi)] : [signal, ...signals],
    hasOwnSignal: signal !== undefined,
    ringTimeoutSeconds: positive('ring-timeout', values['ring-timeout']),
    resumeWindowSeconds: positive('resume-window', values['resume-window']),
    patienceSeconds: positive('patience', values.patience),
    slow: values.slow,
    limits: values.limits,
    ...(values.ca !== undefined && { ca: authority(values.ca) }),
    ...(values['mailbox-url'] !== undefined && {
      mailboxUrl: address(values['mailbox-url'], 'http:', 'https:'),
    }),
    ...(values.profile !== undefined && {
      profile: choice('profile', values.profile, 'standard', 'strict'),
    }),
    ...(values.plan !== undefined && { plan: choice('plan', values.plan, 'open', 'e164') }),
  }
  const { json, junit, verbose } = values
  const files = { ...(json !== undefined && { json }), ...(junit !== undefined && { junit }) }
  return { kind: 'run', options: { server, only, jobs: positive('jobs', values.jobs), verbose, ...files } }
}
