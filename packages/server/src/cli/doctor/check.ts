export type Status = 'ok' | 'warning' | 'failure'

/** What a check found: one line, and what to do about it unless all is well. */
export interface Finding {
  readonly status: Status
  readonly detail: string
  readonly advice?: string
}

/** One thing that is looked at. What it throws is a failure too. */
export interface Check {
  readonly name: string
  readonly look: () => Promise<readonly Finding[]> | readonly Finding[]
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail })
export const warning = (detail: string, advice: string): Finding => ({ status: 'warning', detail, advice })
export const failure = (detail: string, advice: string): Finding => ({ status: 'failure', detail, advice })
