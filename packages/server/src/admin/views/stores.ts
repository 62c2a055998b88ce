import type { CallRow, CandidatesView } from '@switchboard/protocol/admin'

export interface CallFilter {
  readonly user?: string | undefined
  readonly state?: string | undefined
  readonly cause?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

export interface CallPage {
  readonly calls: readonly CallRow[]
  /** The call to go on below; null: that was all. */
  readonly next: string | null
}

export interface StoredStep {
  readonly seq: number
  readonly at: Date
  readonly kind: string
  readonly device: string | null
  readonly detail: string | null
}

export interface StoredCall {
  readonly call: CallRow
  readonly relayOnly: boolean
  readonly rangAt: Date | null
  readonly steps: readonly StoredStep[]
  readonly candidates: { readonly from: CandidatesView; readonly to: CandidatesView }
}

/** Calls as they are written, for the panel. */
export interface CallViews {
  page(filter: CallFilter, before: string | undefined, most: number): Promise<CallPage>
  live(most: number): Promise<readonly CallRow[]>
  one(id: string): Promise<StoredCall | undefined>
}
