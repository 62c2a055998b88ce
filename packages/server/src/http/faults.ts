import type { Problem } from '@switchboard/protocol'
import type { Validator } from 'typebox/compile'
import { Refusal } from '../refusal.js'

type Faults = NonNullable<Problem['errors']>

/** Enough to mend a body; a hostile one does not get a longer answer than an honest one. */
const faultsAtMost = 16

/** JSON pointer to a member (RFC 6901), cut where a client made up a long name. */
export const pointer = (...names: readonly string[]) =>
  names.map(name => `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Says what of the value does not fit its schema. */
export function refuseFaults(validator: Pick<Validator, 'Errors'>, value: unknown): Refusal {
  const faults = validator.Errors(value).flatMap(faultsOf)
  return new Refusal('invalid_request', undefined, { faults: faults.slice(0, faultsAtMost) })
}

interface ValidationError {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

/** What is wrong and where, never what was sent. */
function faultsOf({ keyword, instancePath, message, params }: ValidationError): Faults {
  const named = (key: string) => ((params as Record<string, unknown>)[key] ?? []) as readonly string[]
  switch (keyword) {
    case 'required':
      return named('requiredProperties').map(name => ({
        path: instancePath + pointer(name),
        message: 'is required',
      }))
    case 'additionalProperties':
      return named('additionalProperties').map(name => ({
        path: instancePath + pointer(name),
        message: 'is not known here',
      }))
    case 'boolean':
      return [] // an unknown member again, seen from inside
    case 'pattern':
      return [{ path: instancePath, message: 'has characters that it must not have' }]
    default:
      return [{ path: instancePath, message }]
  }
}
