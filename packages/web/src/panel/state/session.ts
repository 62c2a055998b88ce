import { type ReadonlySignal, signal } from '@preact/signals'
import {
  type NextStep,
  type Role,
  roles,
  type SecondFactor,
  type SessionView,
} from '@switchboard/protocol/admin'
import { type Api, ApiError } from './api.js'

export type Standing =
  | { readonly is: 'starting' }
  | { readonly is: 'unreachable' }
  | { readonly is: 'outside'; readonly next: NextStep; readonly methods: readonly SecondFactor[] }
  | { readonly is: 'inside'; readonly session: SessionView }

/** Whether somebody is signed in here. */
export interface Session {
  readonly standing: ReadonlySignal<Standing>
  /** Somebody was inside, and is no more without having asked for it. */
  readonly hasEnded: ReadonlySignal<boolean>
  /** Asks the server who this is. */
  look(): Promise<void>
  /** Leaves the pages at once: the server knows nobody here any more. */
  leave(): void
  signOut(): Promise<void>
}

export function createSession(api: () => Api): Session {
  const standing = signal<Standing>({ is: 'starting' })
  const hasEnded = signal(false)
  const outside = (next: NextStep = 'sign_in', methods: readonly SecondFactor[] = []) => {
    standing.value = { is: 'outside', next, methods }
  }
  return {
    standing,
    hasEnded,
    async look() {
      try {
        const session = await api().get<SessionView>('/session')
        hasEnded.value = false
        standing.value = { is: 'inside', session }
      } catch (error) {
        const { code, problem } = error instanceof ApiError ? error : new ApiError('network')
        if (code === 'not_signed_in') outside(problem.next, problem.methods)
        else if (standing.value.is !== 'inside') standing.value = { is: 'unreachable' }
      }
    },
    leave() {
      if (standing.value.is !== 'inside') return
      hasEnded.value = true
      outside()
    },
    async signOut() {
      await api().post('/sign_out')
      outside()
    },
  }
}

/** Whether that role may do what asks for this one. */
export const reaches = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least)
