import type { RestResponse } from '../wire/request.js'
import { Unexpected } from '../wire/unexpected.js'

/** Says whether a value will do; `toString` says what would. */
export interface Fitting {
  (value: unknown): boolean
  readonly label: string
}
const fitting = (label: string, passes: (value: unknown) => boolean): Fitting =>
  Object.assign((value: unknown) => passes(value), { label })

export const aText = fitting('a text', value => typeof value === 'string')
export const aNumber = fitting('a number', value => typeof value === 'number')
export const anInstant = fitting(
  'a moment in UTC',
  value => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value),
)
export const oneOf = (...values: readonly unknown[]) =>
  fitting(`one of ${values.map(show).join(', ')}`, value => values.includes(value))

type Members = Readonly<Record<string, unknown>>
const isFitting = (wanted: unknown): wanted is Fitting => typeof wanted === 'function'
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null

/** Whether a value is the wanted one; with `some`, members that are not wanted may be there too. */
function fits(wanted: unknown, came: unknown, some: boolean): boolean {
  if (isFitting(wanted)) return wanted(came)
  if (!isObject(wanted) || !isObject(came)) return Object.is(wanted, came)
  if (Array.isArray(wanted) !== Array.isArray(came)) return false
  const keys = Object.keys(wanted)
  const others = Object.keys(came).length !== keys.length
  if (others && (!some || Array.isArray(wanted))) return false
  return keys.every(key => Object.hasOwn(came, key) && fits(wanted[key], came[key], some))
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => (isFitting(each) ? `‹${each.label}›` : each))
  return (text ?? String(value)).replace(/"‹(.*?)›"/g, '‹$1›')
}

/** The value is this one, no member more or less. */
export function expectEqual(what: string, came: unknown, wanted: unknown): void {
  if (!fits(wanted, came, false)) throw new Unexpected(`${what}: ${show(wanted)}`, show(came))
}

/** The value has these members. */
export function expectLike(what: string, came: unknown, wanted: unknown): void {
  if (!fits(wanted, came, true)) throw new Unexpected(`${what}: ${show(wanted)}`, show(came))
}

export function expectTrue(what: string, holds: boolean, came: unknown): void {
  if (!holds) throw new Unexpected(what, show(came))
}

export function expectStatus(response: RestResponse, ...wanted: readonly number[]): void {
  if (!wanted.includes(response.status))
    throw new Unexpected(wanted.join(' or '), `${response.status} ${response.text.slice(0, 400)}`)
}

/** The refusal of RFC 9457 with the contract's code. */
export function expectProblem(response: RestResponse, status: number, ...codes: readonly string[]): void {
  const { body, headers } = response
  const came = `${response.status} ${response.text.slice(0, 400)}`
  if (response.status !== status || !codes.includes(String(body.code)))
    throw new Unexpected(`${status} ${codes.join(' or ')}`, came)
  if (!String(headers['content-type']).startsWith('application/problem+json'))
    throw new Unexpected('application/problem+json', String(headers['content-type']))
  const members = { type: aText, title: aText, detail: aText, status }
  if (!fits(members, body, true)) throw new Unexpected(`a problem document: ${show(members)}`, came)
}

/** Bad input, and where it is bad. */
export function expectInvalid(response: RestResponse): void {
  expectProblem(response, 400, 'invalid_request')
  const { errors } = response.body
  const each = { path: aText, message: aText }
  const named = Array.isArray(errors) && errors.length > 0 && errors.every(error => fits(each, error, true))
  if (!named) throw new Unexpected(`errors: [${show(each)}]`, response.text.slice(0, 400))
}
