import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadTemplates } from './templates.js'
import { codeIn } from './testing.js'

const own = fileURLToPath(new URL('../../templates/mail', import.meta.url))
const bom = Buffer.from([0xef, 0xbb, 0xbf])
const values = { firstname: 'First', code: 'EXAMPLE123', minutes: '10' }

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-templates-'))
})
afterEach(() => rm(dir, { recursive: true }))
const put = (name: string, ...parts: (string | Buffer)[]) =>
  writeFile(join(dir, name), Buffer.concat(parts.map(part => Buffer.from(part as string))))

describe('ours', () => {
  test('say what is to be said, and nothing in them is left to fill', async () => {
    const templates = await loadTemplates(undefined)
    const reset = templates.reset_code(values)
    for (const body of [reset.text, reset.html]) {
      expect(codeIn(body)).toBe('EXAMPLE123')
      expect(body).toContain('Hello First,')
      expect(body).toContain('10 minutes')
    }
    for (const kind of ['reset_code', 'password_changed', 'number_changed'] as const) {
      const { subject, text, html } = templates[kind](values)
      expect(subject).toMatch(/^Your /)
      expect(text).toMatch(/^Hello First,\n/)
      for (const body of [text, html]) expect(body).not.toMatch(/\{\{|\}\}|Subject:/)
    }
  })

  test('ask for nothing from outside and know dark mode', async () => {
    const pages = (await readdir(own)).filter(name => name.endsWith('.html'))
    expect(pages).toHaveLength(3)
    for (const name of pages) {
      const html = await readFile(join(own, name), 'utf8')
      expect(html).not.toMatch(/https?:|<img|<script|<link|@import|url\(/)
      expect(html).toContain('prefers-color-scheme: dark')
    }
  })
})

test('what is filled in is escaped in HTML and left alone in text', async () => {
  const templates = await loadTemplates(undefined)
  const firstname = `<img src=x onerror="alert('1')"> & $& $1 {{code}}\r\nBcc: evil@domain.yup`
  const { subject, text, html } = templates.reset_code({ ...values, firstname })
  expect(text).toContain(`Hello ${firstname},`)
  expect(html).toContain(
    'Hello &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; $&amp; $1 {{code}}\r\nBcc: evil@domain.yup,',
  )
  expect(subject).toBe('Your code for a new password')
})

describe('an operator’s own', () => {
  const body =
    'in\ufeffside\r\nCRLF\nLF\r\n\tTab\u00a0NBSP \u200d👩‍👩‍👧 e\u0301 é\u2028{{ firstname }}: {{code}}\r\n\r\n'

  test.each([
    ['with', bom],
    ['without', Buffer.of()],
  ])('takes the place of ours, %s byte order mark, and loses nothing else', async (_name, mark) => {
    await put('reset-code.txt', mark, `Subject: Ein Code für dich\r\n\r\n${body}`)
    await put('reset-code.html', mark, body)
    const templates = await loadTemplates(dir)
    const filled = body.replace('{{ firstname }}', 'First').replace('{{code}}', 'EXAMPLE123')
    expect(templates.reset_code(values)).toEqual({
      subject: 'Ein Code für dich',
      text: filled,
      html: filled,
    })
    expect(templates.password_changed(values)).toEqual(
      (await loadTemplates(undefined)).password_changed(values),
    )
  })

  test('only one empty line follows the subject', async () => {
    await put('number-changed.txt', 'Subject: New number\n\n\nHi {{firstname}}')
    expect((await loadTemplates(dir)).number_changed(values).text).toBe('\nHi First')
    await put('number-changed.txt', 'Subject: New number\nHi {{firstname}}')
    expect((await loadTemplates(dir)).number_changed(values).text).toBe('Hi First')
  })

  const faults: [string, string, string | Buffer, string][] = [
    ['that is not UTF-8', 'reset-code.html', Buffer.from('Gr\xfc\xdfe {{code}}', 'latin1'), 'is not UTF-8'],
    ['in UTF-16', 'reset-code.html', Buffer.from('\ufeff{{code}}', 'utf16le'), 'is not UTF-8'],
    ['with an unknown placeholder', 'reset-code.html', '{{code}} {{lastname}}', 'does not know {{lastname}}'],
    ['with a code in a notice', 'password-changed.txt', 'Subject: x\n\n{{code}}', 'does not know {{code}}'],
    ['with no code', 'reset-code.txt', 'Subject: x\n\nHello', 'has no {{code}}'],
    ['with no subject', 'password-changed.txt', 'Hello {{firstname}}', 'must begin with a line'],
    ['with an empty subject', 'password-changed.txt', 'Subject:\n\nHello', 'must begin with a line'],
    ['with a subject to fill', 'password-changed.txt', 'Subject: {{firstname}}\n\nHello', 'in its subject'],
    ['that is empty', 'number-changed.txt', '', 'must begin with a line'],
  ]
  test.each(faults)(
    '%s stops the start with one line that names the file',
    async (_name, file, text, what) => {
      await put(file, text)
      const failure: Error = await loadTemplates(dir).then(
        () => new Error('loaded'),
        error => error,
      )
      expect(failure.message).toContain(join(dir, file))
      expect(failure.message).toContain(what)
      expect(failure.message).not.toContain('\n')
    },
  )

  test('directory that is none stops the start as well; an empty one is fine', async () => {
    await expect(loadTemplates(dir)).resolves.toBeDefined()
    await expect(loadTemplates(join(dir, 'nowhere'))).rejects.toThrow(
      /^MAIL_TEMPLATES_DIR: \S+nowhere is no directory$/,
    )
    await put('reset-code.txt', 'a file')
    await expect(loadTemplates(join(dir, 'reset-code.txt'))).rejects.toThrow(/is no directory$/)
    await rm(join(dir, 'reset-code.txt'))
    await mkdir(join(dir, 'reset-code.txt'))
    await expect(loadTemplates(dir)).rejects.toThrow(/cannot be read \(EISDIR\)$/)
  })
})
