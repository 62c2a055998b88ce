import { adminErrors, type NextStep, type SecondFactor } from '@switchboard/protocol/admin'

/** A "no" of the panel's own. */
export class AdminRefusal extends Error {
  readonly code: keyof typeof adminErrors
  /** Members that the problem document has beside the usual ones. */
  readonly more: { readonly next?: NextStep; readonly methods?: readonly SecondFactor[] }

  constructor(code: keyof typeof adminErrors, detail?: string, more: AdminRefusal['more'] = {}) {
    super(detail ?? adminErrors[code].title)
    this.name = 'AdminRefusal'
    this.code = code
    this.more = more
  }
}
