import { CommanderError } from 'commander'
import { ConfigError } from '../config/config-error.js'
import { CommandError, type ExitCode, exitCodes } from './exit-codes.js'
import { buildProgram } from './program.js'
import { explain } from './text.js'
import type { World } from './world.js'

/** Runs a command line and tells how it ended; what went wrong is one line on standard error. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok
  const program = buildProgram(world, ended => {
    code = ended
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    world.terminal.err(`switchboard: ${explain(error)}`)
    if (isDebugging(world) && error instanceof Error) world.terminal.err(error.stack ?? '')
    if (error instanceof ConfigError) return exitCodes.usage
    return error instanceof CommandError ? error.exitCode : exitCodes.failure
  }
}

const isDebugging = ({ env }: World) => env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace'
