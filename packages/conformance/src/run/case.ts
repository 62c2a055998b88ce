import type { Target } from './target.js'
import type { Trial } from './trial.js'

/** One thing that a server must do, and how to see from outside whether it does. */
export interface Case {
  /** `section.name`; stays the same, so that a list of known failures can name it. */
  readonly id: string
  /** Where the contract says so. */
  readonly clause: string
  /** What it says, in short. */
  readonly says: string
  /** Why it cannot be tried on this target; undefined when it can. */
  readonly cannot?: (target: Target) => string | undefined
  /** It is about limits: what is refused for them is what it looks for. */
  readonly aboutLimits?: boolean
  /** It says more at once than limits let pass: where they are on it cannot be tried. */
  readonly floods?: boolean
  readonly timeoutSeconds?: number
  run(trial: Trial): Promise<void>
}

export type Extra = Pick<Case, 'cannot' | 'aboutLimits' | 'floods' | 'timeoutSeconds'>
type Row = readonly [name: string, clause: string, says: string, run: Case['run'], extra?: Extra]

/** The cases of one section, a row each. */
export const casesOf = (section: string, rows: readonly Row[]): Case[] =>
  rows.map(([name, clause, says, run, extra = {}]) => ({
    id: `${section}.${name}`,
    clause,
    says,
    run,
    ...extra,
  }))

export const sectionOf = ({ id }: Pick<Case, 'id'>) => id.slice(0, id.indexOf('.'))
