/** What a command's end means to a script. */
export const exitCodes = {
  ok: 0,
  /** It could not be done, or a check failed. */
  failure: 1,
  /** The command line or the configuration is wrong; nothing was begun. */
  usage: 2,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Why a command stops: one line for the terminal, and the exit code. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failure) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
