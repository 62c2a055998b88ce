import Type from 'typebox'
import { Refusal } from '../../refusal.js'

/** A day or a moment, in UTC. */
export const moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d([.]\\d{1,6})?)?Z)?$',
})

export function readMoment(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new Refusal('invalid_request', 'there is no such moment')
  return at
}
