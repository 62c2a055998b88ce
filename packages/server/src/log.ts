import { createRequire } from 'node:module'
import { type DestinationStream, type Logger, pino } from 'pino'

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
      '*.token',
      '*.password',
      '*.email',
      '*.phone_number',
    ],
  }
  if (!terminal) return lines ? pino(options, lines) : pino(options)
  // Loaded where it is wanted: a server in the background has no use for its 8 MB.
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty')
  return pino(
    options,
    pretty({
      colorize: true,
      ignore: 'pid,hostname',
      translateTime: 'HH:MM:ss',
      singleLine: true,
      sync: true,
      ...(lines && { destination: lines }),
    }),
  )
}
