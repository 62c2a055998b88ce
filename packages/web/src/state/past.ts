import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { CallView, Phone } from '@switchboard/client'

/** The calls that were. */
export interface Past {
  readonly calls: Signal<readonly CallView[] | undefined>
  readonly hasMore: ReadonlySignal<boolean>
  /** Missed since the history was last looked at. */
  readonly missed: ReadonlySignal<number>
  refresh(): Promise<void>
  more(): Promise<void>
  /** All of them were seen. */
  seen(): void
  follow(phone: Phone): void
}

const missing = new Set(['no_answer', 'cancelled', 'busy', 'connection_lost', 'unavailable'])
export const isMissed = ({ direction, answered_at, outcome }: CallView): boolean =>
  direction === 'incoming' && answered_at === null && outcome !== null && missing.has(outcome)

export function createPast(seenUntil: Signal<string>): Past {
  const calls = signal<readonly CallView[]>()
  const cursor = signal<string | null>(null)
  let phone: Phone | undefined
  return {
    calls,
    hasMore: computed(() => cursor.value !== null),
    missed: computed(
      () => (calls.value ?? []).filter(call => isMissed(call) && call.started_at > seenUntil.value).length,
    ),
    async refresh() {
      const page = await phone?.history()
      if (!page) return
      calls.value = page.calls
      cursor.value = page.next_cursor
    },
    async more() {
      if (cursor.value === null) return
      const page = await phone?.history({ cursor: cursor.value })
      if (!page) return
      calls.value = [...(calls.value ?? []), ...page.calls]
      cursor.value = page.next_cursor
    },
    seen() {
      const [newest] = calls.value ?? []
      if (newest && newest.started_at > seenUntil.value) seenUntil.value = newest.started_at
    },
    follow(next) {
      phone = next
      calls.value = undefined
      cursor.value = null
    },
  }
}
