import { errors, signalErrorCodes } from '@switchboard/protocol'
import type { HttpAnswer } from './http-answer.js'

/** What must never leave the house: stacks, statements, paths, names of libraries. */
const insides =
  /node_modules|\.[cm]?[jt]s:\d+|\bat \w+ \(|\bSELECT\b|\bINSERT\b|\bUPDATE\b.*\bSET\b|pg_|postgres|fastify|ECONN|ENOENT|typebox/i

const codes = new Set<string>(Object.keys(errors))
const onSockets = new Set<string>(
  signalErrorCodes.filter(code => code !== 'rate_limited' && code !== 'too_large'),
)

/** What is wrong with an answer, whatever was asked; undefined when nothing is. */
export function faultOf({ status, headers, body }: HttpAnswer, isHead: boolean): string | undefined {
  if (!(status >= 101 && status < 600)) return 'no HTTP answer'
  if (status === 503 && !headers.has('retry-after')) return '503 without Retry-After'
  if (status >= 500 && status !== 503) return `status ${status}`
  if (!headers.has('x-request-id')) return 'no x-request-id'
  if (status < 400) return undefined
  const type = headers.get('content-type') ?? ''
  if (!type.startsWith('application/problem+json')) return `an error of type ${type || 'none'}`
  if (isHead) return undefined
  if (insides.test(body)) return 'an error that tells of the inside'
  return problemFault(body, status)
}

function problemFault(body: string, status: number): string | undefined {
  let problem: Record<string, unknown>
  try {
    problem = JSON.parse(body) as Record<string, unknown>
  } catch {
    return 'an error that is not JSON'
  }
  const { code, type, title, detail } = problem
  if (typeof code !== 'string' || !codes.has(code) || onSockets.has(code)) return `code ${String(code)}`
  if (problem.status !== status) return `status ${String(problem.status)} in a ${status}`
  const texts = [type, title, detail]
  return texts.every(text => typeof text === 'string' && text !== '')
    ? undefined
    : 'a problem without its members'
}
