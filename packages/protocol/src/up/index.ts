import type { Call } from './call.js'
import { call } from './call.js'
import type { CallResponse } from './call-response.js'
import { callResponse } from './call-response.js'
import type { Connect } from './connect.js'
import { connect } from './connect.js'
import type { HangUp } from './hang-up.js'
import { hangUp } from './hang-up.js'
import type { IceCandidate } from './ice-candidate.js'
import { iceCandidate } from './ice-candidate.js'

/** Everything that a client may send, by its `REASON`. Members that are not named here are ignored. */
export const up = { connect, call, callResponse, ICECandidate: iceCandidate, HangUp: hangUp } as const

export type Up = Connect | Call | CallResponse | IceCandidate | HangUp
export type UpReason = Up['REASON']
