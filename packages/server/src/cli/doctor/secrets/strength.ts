/** Words that stand where a secret should: the first that anybody tries. */
const placeholders = new Set(
  `admin administrator auth calls changeit changeme coturn credential database db default demo dev docker dummy
   example foo bar gmail hello key letmein local login mail my myname mypassword mysecret nats node pass passphrase
   passwd password placeholder please postgres postgresql production prod private public qwerty replace replaceme root
   sample secret secrets secure server shared signaling smtp static super supersecret switchboard temp test tester testing
   the this to todo token turn turnserver user username webhook welcome xxx your yourpassword yoursecret change me with
   a an here`.split(/\s+/),
)

/** A word, or words in a row, that stand where a secret should; with digits and signs around, as in `Secret123!`. */
export function isPlaceholder(secret: string): boolean {
  if (/\.\.\.$|^<.*>$|^\$\{.*\}$/.test(secret)) return true
  const words = secret.toLowerCase().match(/[a-z]+/g) ?? []
  const digits = secret.match(/\d/g)?.length ?? 0
  return (
    words.length > 0 && digits <= 6 && words.every(word => placeholders.has(word) || /^(.)\1+$/.test(word))
  )
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const alphabets: readonly [RegExp, number][] = [
  [/[0-9]/, 10],
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[^0-9A-Za-z]/, 33],
]

/**
 * At most how many bits of chance are in it: as if its characters were drawn by lot, but for those that follow from the
 * ones before (aaaa, 1234, abab, qwerty). A secret of words has fewer; one that fails here is weak in any case.
 */
export function bitsAtMost(secret: string): number {
  const unit = repeatedUnit(secret)
  const size =
    /^([0-9a-f]+|[0-9A-F]+)$/.test(unit) && /[a-f]/i.test(unit) && /\d/.test(unit) ? 16 : alphabetOf(unit)
  return Math.floor(surprises(unit) * Math.log2(Math.max(size, 1)))
}

const alphabetOf = (text: string) =>
  alphabets.reduce((size, [shape, letters]) => size + (shape.test(text) ? letters : 0), 0)

/** What the whole is made of by saying it again and again. */
function repeatedUnit(text: string): string {
  const again = `${text}${text}`.indexOf(text, 1)
  return again > 0 && again < text.length ? text.slice(0, again) : text
}

/** Characters that do not follow from those before. */
function surprises(text: string): number {
  const steps = [...text].map((letter, index, all) => step(all[index - 1], letter))
  return steps.filter((each, index) => index === 0 || each === undefined || each !== steps[index - 1]).length
}

/** How far it is from a character to the next: in the alphabet, or along a row of the keyboard. */
function step(before: string | undefined, letter: string): number | undefined {
  if (before === undefined) return undefined
  const [from, to] = [before.toLowerCase(), letter.toLowerCase()]
  const row = rows.find(each => each.includes(from) && each.includes(to))
  const along = row === undefined ? undefined : row.indexOf(to) - row.indexOf(from)
  if (along !== undefined && Math.abs(along) === 1) return along
  const far = to.charCodeAt(0) - from.charCodeAt(0)
  return Math.abs(far) <= 2 ? far : undefined
}
