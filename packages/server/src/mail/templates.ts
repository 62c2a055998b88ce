import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type MailKind, mailKinds } from './mail-jobs.js'

/** Ours, beside `src` and `dist`. */
const ownDir = fileURLToPath(new URL('../../templates/mail', import.meta.url))

/** What a template may say, by kind of mail. */
const placeholders = {
  reset_code: ['firstname', 'code', 'minutes'],
  password_changed: ['firstname'],
  number_changed: ['firstname'],
} as const satisfies Record<MailKind, readonly string[]>

export interface Rendered {
  readonly subject: string
  readonly text: string
  readonly html: string
}
export type Values = Readonly<Record<string, string>>
export type Templates = Readonly<Record<MailKind, (values: Values) => Rendered>>

/** One line that names the file and says what is wrong with it. */
const wrong = (file: string, what: string) => new Error(`mail template ${file}: ${what}`)

/** The file's characters as they are, without the byte order mark that some editors put before them. */
async function readText(file: string): Promise<string | undefined> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw wrong(file, `cannot be read (${code})`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw wrong(file, 'is not UTF-8')
  }
}

async function find(name: string, overrideDir: string | undefined): Promise<{ file: string; text: string }> {
  for (const dir of overrideDir === undefined ? [ownDir] : [overrideDir, ownDir]) {
    const file = join(dir, name)
    const text = await readText(file)
    if (text !== undefined) return { file, text }
  }
  throw wrong(join(ownDir, name), 'is missing')
}

const placeholder = /\{\{\s*(.*?)\s*\}\}/gs

function checkPlaceholders(kind: MailKind, file: string, text: string): void {
  const known: readonly string[] = placeholders[kind]
  for (const [, name = ''] of text.matchAll(placeholder)) {
    if (!known.includes(name)) {
      throw wrong(
        file,
        `does not know {{${name}}}; there ${known.length > 1 ? 'are' : 'is'} ${known.map(each => `{{${each}}}`).join(', ')}`,
      )
    }
  }
  if (kind === 'reset_code' && ![...text.matchAll(placeholder)].some(([, name]) => name === 'code')) {
    throw wrong(file, 'has no {{code}}')
  }
}

const fill = (text: string, values: Values, encode: (value: string) => string): string =>
  text.replace(placeholder, (_all, name: string) => encode(values[name] ?? ''))

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (value: string): string => value.replace(/[&<>"']/g, sign => htmlEscapes[sign] ?? sign)

/** The first line of the text file is the subject; an empty line after it belongs to neither. */
function splitSubject(file: string, text: string): { subject: string; body: string } {
  const [, subject, body] = /^Subject:[ \t]*([^\r\n]*?)[ \t]*\r?\n(?:\r?\n)?(.*)$/s.exec(text) ?? []
  if (!subject || body === undefined) throw wrong(file, 'must begin with a line "Subject: ..."')
  if (subject.includes('{{')) throw wrong(file, 'has a placeholder in its subject: values stay in the body')
  return { subject, body }
}

async function load(kind: MailKind, overrideDir: string | undefined): Promise<(values: Values) => Rendered> {
  const name = kind.replaceAll('_', '-')
  const [text, html] = await Promise.all([
    find(`${name}.txt`, overrideDir),
    find(`${name}.html`, overrideDir),
  ])
  const { subject, body } = splitSubject(text.file, text.text)
  checkPlaceholders(kind, text.file, body)
  checkPlaceholders(kind, html.file, html.text)
  return values => ({
    subject,
    text: fill(body, values, value => value),
    html: fill(html.text, values, escapeHtml),
  })
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )

/** Reads every template; a file of the same name in `overrideDir` takes the place of ours. Throws one clear line. */
export async function loadTemplates(overrideDir: string | undefined): Promise<Templates> {
  if (overrideDir !== undefined && !(await isDirectory(overrideDir))) {
    throw new Error(`MAIL_TEMPLATES_DIR: ${overrideDir} is no directory`)
  }
  const loaded = await Promise.all(
    mailKinds.map(async kind => [kind, await load(kind, overrideDir)] as const),
  )
  return Object.fromEntries(loaded) as unknown as Templates
}
