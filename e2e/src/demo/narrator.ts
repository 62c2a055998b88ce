/** Tells what happens as it happens: aligned lines for a person, JSON lines for a program. */
export interface Narrator {
  /** One step: who does or hears it, what it is, and what there is to know about it. */
  step(who: string, what: string, detail?: string): void
  /** Free lines between the steps; a program does not need them. */
  say(text: string): void
  succeeded(facts: object, summary: string): void
  failed(why: string): void
}

const bold = 1
const dim = 2
const red = 31
const green = 32
const cyan = 36
const people = new Map([
  ['Ada', 35],
  ['Ben', 33],
])

type Write = (text: string) => void

function plain(write: Write, colours: boolean, elapsed: () => number): Narrator {
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    step: (who, what, detail = '') => {
      const time = paint(dim, `${(elapsed() / 1000).toFixed(3).padStart(8)} s`)
      const name = paint(people.get(who) ?? cyan, who.padEnd(7))
      write(`${`${time}  ${name} ${what.padEnd(24)} ${paint(dim, detail)}`.trimEnd()}\n`)
    },
    say: text => write(`${text && paint(bold, text)}\n`),
    succeeded: (_, summary) => write(`\n${paint(green, '✓')} ${summary}\n`),
    failed: why => write(`\n${paint(red, '✗')} The demo failed: ${why}\n`),
  }
}

function json(write: Write, elapsed: () => number): Narrator {
  const line = (value: object) => write(`${JSON.stringify(value)}\n`)
  const at = () => Math.round(elapsed())
  return {
    step: (who, what, detail) => line({ at_ms: at(), who, what, ...(detail && { detail }) }),
    say: () => {},
    succeeded: facts => line({ at_ms: at(), ok: true, ...facts }),
    failed: why => line({ at_ms: at(), ok: false, why }),
  }
}

/** Colour is for terminals that want it (https://no-color.org). */
export function createNarrator(out: NodeJS.WriteStream, asJson: boolean): Narrator {
  const since = performance.now()
  const elapsed = () => performance.now() - since
  const write: Write = text => void out.write(text)
  const colours = out.isTTY === true && !process.env.NO_COLOR
  return asJson ? json(write, elapsed) : plain(write, colours, elapsed)
}
