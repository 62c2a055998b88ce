import type { ComponentChildren } from 'preact'

export type Tone = 'good' | 'busy' | 'bad' | 'quiet' | 'plain'

/** A state in a word; its colour says it again. */
export function Tag({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`tag ${tone}`}>{children}</span>
}
