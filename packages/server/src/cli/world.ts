import type { Environment, ReadFile } from '../config/environment.js'

/** What a command touches of the outside; main.ts brings the real one. */
export interface World {
  readonly env: Environment
  readonly readFile: ReadFile
  readonly terminal: Terminal
  /** Asks for what must not be seen, and resolves with the line. */
  readonly askSecret: (question: string) => Promise<string>
  readonly process: ProcessEvents
}

export interface Terminal {
  /** One line of what was asked for. */
  out(line: string): void
  /** One line beside it: errors, warnings, hints. */
  err(line: string): void
  /** A person reads it, not a program. */
  readonly isTerminal: boolean
  readonly colour: boolean
}

export interface ProcessEvents {
  /** Somebody asks the process to end, by the signal of this name or a message; may be heard again and again. */
  onStop(listener: (signal: string) => void): void
  /** Says something to the process that started this one, if the two can speak, as under PM2. */
  tell(message: unknown): void
  /** Something was thrown that nobody caught. */
  onFault(listener: (error: unknown) => void): void
  /** At once. */
  exit(code: number): void
}
