import type { Device as AnyDevice } from 'switchboard-conformance/wire'
import type { Account } from './people.js'

export { connectDevice, freshSdp } from 'switchboard-conformance/wire'
/** One device of an account of ours. */
export type Device = AnyDevice<Account>
