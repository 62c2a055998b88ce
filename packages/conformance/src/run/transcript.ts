/** What was said in a case, by whom, in order. */
export interface Line {
  readonly atMs: number
  readonly who: string
  readonly direction: '→' | '←' | '·'
  readonly text: string
}

export interface Transcript {
  readonly lines: readonly Line[]
  add(who: string, direction: Line['direction'], text: string): void
  /** From now on shown as `<name>`. */
  secret(text: string, name: string): void
}

const longest = 1_200
/** A JWT, whoever made it. */
const token = /\b[\w-]{8,}\.[\w-]{8,}\.[\w-]{20,}/g

/** Keeps a dialogue without tokens, passwords, codes and credentials. */
export function keepTranscript(now: () => number): Transcript {
  const since = now()
  const kept: { atMs: number; who: string; direction: Line['direction']; text: string }[] = []
  const secrets = new Map<string, string>()
  const mask = (text: string) => {
    let shown = text
    for (const [secret, name] of secrets) shown = shown.replaceAll(secret, `<${name}>`)
    shown = shown
      .replace(token, '<token>')
      .replace(/("(?:credential|password|new_password)":")[^"]+/g, '$1<secret>')
    return shown.length > longest ? `${shown.slice(0, longest)}… (${shown.length} characters)` : shown
  }
  return {
    get lines() {
      return kept.map(line => ({ ...line, text: mask(line.text) }))
    },
    add: (who, direction, text) => void kept.push({ atMs: Math.round(now() - since), who, direction, text }),
    secret: (text, name) => void (text.length > 3 && secrets.set(text, name)),
  }
}
