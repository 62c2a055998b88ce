import type { Cause, Problem } from '@switchboard/protocol'
import { adviceFor } from './advice.js'

interface Reason {
  readonly message: string
  readonly cause?: unknown
}

/** Whatever goes wrong here: `code` for programs, `message` for logs, `advice` for whoever has to do something. */
export class SwitchboardError extends Error {
  readonly code: string
  readonly advice: string

  constructor(code: string, { message, cause }: Reason) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.advice = adviceFor(code)
  }
}

/** The server refused a request; `code` is of its closed list, `fields` say what was wrong with which. */
export class RequestError extends SwitchboardError {
  readonly status: number
  readonly fields: readonly { readonly path: string; readonly message: string }[]
  readonly retryAfterSeconds: number | undefined

  constructor(problem: Pick<Problem, 'code' | 'detail' | 'status' | 'errors'>, retryAfterSeconds?: number) {
    super(problem.code, { message: problem.detail })
    this.status = problem.status
    this.fields = problem.errors ?? []
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The server could not be reached, or what answered is not Switchboard. */
export class NetworkError extends SwitchboardError {
  constructor(message: string, cause?: unknown) {
    super('network', { message, cause })
  }
}

/** The connection is closed for good, or not there when it is needed. */
export class ConnectionError extends SwitchboardError {}

/** A call could not be made, or something in it could not be done. */
export class CallError extends SwitchboardError {}

/** Microphone, camera, or the connection between the parties. */
export class MediaError extends SwitchboardError {}

/** How a call ended. `error` says more where something went wrong. */
export interface CallEnd {
  readonly cause: Cause
  readonly error?: SwitchboardError
}
