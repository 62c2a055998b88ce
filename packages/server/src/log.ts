import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type { Logger } from 'pino'

/**
 * JSON lines on standard output, or readable ones on a terminal. What is logged is chosen where it is logged: never a
 * token, code, password, SDP, candidate, number or mail address; `redact` is the net below.
 */
export function createLogger(
  level: string,
  terminal = process.stdout.isTTY === true,
  lines?: DestinationStream,
): Logger {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: [
      'token',
      'password',
      'code',
      'email',
      'phone_number',
      'authorization',
      'req.headers',
      '*.authorization',
    ],
  }
  if (lines) return pino(options, lines)
  if (!terminal) return pino(options)
  return pino(
    options,
    pretty({
      colorize: true,
      ignore: 'pid,hostname',
      translateTime: 'HH:MM:ss',
      singleLine: true,
      sync: true,
    }),
  )
}
