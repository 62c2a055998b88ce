import { readdirSync, readFileSync } from 'node:fs'

/** What one device says, or is sent; whatever differs from run to run is a placeholder. */
export type Step =
  | { readonly from: string; readonly frame: Readonly<Record<string, unknown>> }
  | { readonly to: string; readonly frame: Readonly<Record<string, unknown>> }

/** A recorded dialogue: who says what, who is sent what. */
export interface Dialogue {
  readonly name: string
  readonly clause: string
  readonly says: string
  /** `ada`, `ben`; `ben/2` is another device of ben. */
  readonly devices: readonly string[]
  readonly steps: readonly Step[]
}

/** One JSON object a line: the head, then the steps. */
export const writeDialogue = ({ steps, ...head }: Dialogue) =>
  [head, ...steps].map(line => `${JSON.stringify(line)}\n`).join('')

function readDialogue(text: string): Dialogue {
  const [head, ...steps] = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as unknown)
  return { ...(head as Omit<Dialogue, 'steps'>), steps: steps as Step[] }
}

const directory = new URL('../../dialogues/', import.meta.url)

/** Those that are published with the kit. */
export const publishedDialogues = (): Dialogue[] =>
  readdirSync(directory)
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()
    .map(name => readDialogue(readFileSync(new URL(name, directory), 'utf8')))
