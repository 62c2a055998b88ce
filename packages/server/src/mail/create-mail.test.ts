import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MailConfig } from '../config.js'
import { eventually } from '../eventually.testing.js'
import { addUser, outcome, rows, type TestNode, testDeployment } from '../sessions/testing.js'
import { credentials } from '../storage/credentials.js'
import { mailJobs } from '../storage/mail-jobs.js'
import { createMail, type Mail } from './create-mail.js'
import { loadTemplates, type Templates } from './templates.js'
import { codeIn, smtpServer, type TestSmtp } from './testing.js'

let deployment: Awaited<ReturnType<typeof testDeployment>>
let node: TestNode
let user: Awaited<ReturnType<typeof addUser>>
let smtp: TestSmtp
let templates: Templates
let logged: string[] = []
beforeAll(async () => {
  deployment = await testDeployment()
  node = await deployment.node()
  templates = await loadTemplates(undefined)
})
beforeEach(async () => {
  smtp = await smtpServer()
  user = await addUser(node)
  logged = []
})
const mails: Mail[] = []
afterEach(async () => {
  await Promise.all(mails.splice(0).map(mail => mail.stop()))
  await smtp.close()
  await rows(node, 'delete from mail_jobs')
})
afterAll(() => deployment.close())

const from = 'Switchboard <no-reply@domain.yup>'
const smtpTo = (server: TestSmtp): MailConfig['transport'] => ({ kind: 'smtp', url: server.url })
const log = pino({ level: 'debug' }, { write: line => void logged.push(line) })

function created(transport = smtpTo(smtp), more: Partial<Parameters<typeof createMail>[0]> = {}): Mail {
  const { database, keys, clock, newId, resetCodes } = node
  const mail = createMail({
    ...{ config: { transport, from }, templates, database, keys, clock, newId, resetCodes, log },
    jobs: mailJobs,
    credentials,
    ...more,
  })
  mails.push(mail)
  return mail
}
function started(...how: Parameters<typeof created>): Mail {
  const mail = created(...how)
  mail.start()
  return mail
}
const verify = (code: string) => outcome(node.sessions.verifyResetCode(user.email, code))
const jobs = () => rows<{ state: string; attempts: number }>(node, 'select state, attempts from mail_jobs')
const noJobs = () => eventually(async () => expect(await jobs()).toEqual([]), { timeout: 5_000 })

describe('a reset code', () => {
  test('arrives in both parts, once, and its job is gone', async () => {
    await started().requestReset(user.email)
    const { mail, recipients, from: sender } = await smtp.mail(0)
    expect([sender, recipients]).toEqual(['no-reply@domain.yup', [user.email]])
    expect(mail.subject).toBe('Your code for a new password')
    expect(mail.from).toMatchObject({ name: 'Switchboard', address: 'no-reply@domain.yup' })
    expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted' }))
    const code = codeIn(mail.text)
    expect(codeIn(mail.html)).toBe(code)
    await noJobs()
    expect(await verify(code)).toBe('accepted')
    expect(smtp.received).toHaveLength(1)
    expect(logged.join()).not.toContain(code)
    expect(logged.join()).not.toContain(user.email)
  })

  test('goes to the account’s email as its owner wrote it, never to what was typed', async () => {
    const owner = await addUser(node, { email: 'Mike.Kelvin@domain.yup' })
    await started().requestReset('mi\u212ae.\u212aelvin@domain.yup') // the Kelvin sign, in lower case a k
    expect((await smtp.mail(0)).recipients).toEqual([owner.email])
  })

  test('asked for twice comes twice, and the one that came last is good', async () => {
    const mail = created()
    await Promise.all([mail.requestReset(user.email), mail.requestReset(user.email)])
    mail.start() // one that left before the other was there would take it along
    const [first, second] = [await smtp.mail(0), await smtp.mail(1)]
    expect(await verify(codeIn(first.mail.text))).toBe('invalid_code')
    expect(await verify(codeIn(second.mail.text))).toBe('accepted')
  })

  test('for nobody is the same one insert, and no mail', async () => {
    const mail = created()
    const query = vi.spyOn(node.database, 'query')
    const statements = async (email: string) => {
      query.mockClear()
      await mail.requestReset(email)
      return query.mock.calls.map(([{ name }, values]) => `${name} ${values?.length}`)
    }
    for (const email of ['nobody@domain.yup', user.email, 'nul\0@domain.yup']) {
      expect(await statements(email)).toEqual(['mail_jobs.insert 7'])
    }
    query.mockRestore()
    mail.start()
    await smtp.mail(0)
    await noJobs()
    expect(smtp.received).toHaveLength(1)
  })

  test('is sent once by two workers, however many there are', async () => {
    const [one] = [started(), started(), started()]
    const people = await Promise.all(Array.from({ length: 20 }, () => addUser(node)))
    await Promise.all(people.map(({ email }) => one?.requestReset(email)))
    await smtp.mail(19)
    await noJobs()
    expect(smtp.received.map(({ recipients }) => recipients[0]).sort()).toEqual(
      people.map(({ email }) => email).sort(),
    )
  })
})

describe('names and addresses', () => {
  test('bring no header and no recipient in', async () => {
    const firstname = 'Eve\r\nBcc: victim@domain.yup\r\n\r\n<b>'
    const owner = await addUser(node, { firstname })
    await started().requestReset(owner.email)
    const { recipients, mail, raw } = await smtp.mail(0)
    expect(recipients).toEqual([owner.email])
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc')
    expect(raw.split('\r\n\r\n')[0]).not.toContain('victim')
    expect(mail.text).toContain(`Hello ${firstname},`)
    expect(mail.html).toContain('Hello Eve\r\nBcc: victim@domain.yup\r\n\r\n&lt;b&gt;,')
  })

  test.each([
    'a@domain.yup, victim@domain.yup',
    'a@domain.yup\r\nRCPT TO:<victim@domain.yup>',
    '<a@domain.yup> victim@domain.yup',
    '"a@domain.yup\\, victim"@domain.yup',
  ])('an address like %j reaches nobody else', async email => {
    const owner = await addUser(node, { email })
    await started().requestReset(email)
    await eventually(async () => {
      const [job] = await jobs()
      expect(smtp.received.length === 1 || (job?.attempts ?? 0) > 0).toBe(true)
    })
    for (const { recipients } of smtp.received) {
      expect(recipients).toHaveLength(1)
      expect(recipients).not.toContain('victim@domain.yup')
    }
    await rows(node, 'delete from users where id = $1', [owner.id])
  })
})

test.each(['\r\n', '\n'])('what a template holds arrives byte for byte, line ends %j included', async end => {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-mail-'))
  const body = [
    '\u00a0NBSP\t👩‍👩‍👧 e\u0301',
    '.',
    'From here',
    `${'long '.repeat(300)}`,
    '  {{code}} ',
    '',
    '',
  ].join(end)
  await writeFile(join(dir, 'reset-code.txt'), `\ufeffSubject: Für dich 👋${end}${end}${body}`)
  await writeFile(join(dir, 'reset-code.html'), `\ufeff<p>${body}</p>`)
  await started(smtpTo(smtp), { templates: await loadTemplates(dir) }).requestReset(user.email)
  const { mail } = await smtp.mail(0)
  const filled = body.replace('{{code}}', codeIn(mail.text))
  expect(mail.subject).toBe('Für dich 👋')
  expect(mail.text).toBe(filled)
  expect(mail.html).toBe(`<p>${filled}</p>`)
  await rm(dir, { recursive: true })
})

test('a notice leaves when its change is committed, without a secret, and only then', async () => {
  const mail = started()
  for (const kind of ['password_changed', 'number_changed'] as const) {
    await node.database.transaction(tx => mail.notify(tx, kind, user.email))
  }
  const undone = node.database.transaction(async tx => {
    await mail.notify(tx, 'password_changed', user.email)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  const subjects = [(await smtp.mail(0)).mail.subject, (await smtp.mail(1)).mail.subject]
  expect(subjects.sort()).toEqual(['Your password was changed', 'Your phone number was changed'])
  for (const { mail: notice } of smtp.received) {
    expect(notice.text).toContain('Hello First,')
    expect(`${notice.text}${notice.html}`).not.toContain(user.phoneNumber)
  }
  await noJobs()
  expect(smtp.received).toHaveLength(2)
})

describe('without a mail server', () => {
  test('mail is kept, sealed, and shown to who holds the key; its text is logged for a developer', async () => {
    const mail = started({ kind: 'outbox' })
    await mail.requestReset(user.email)
    await eventually(async () => expect(await jobs()).toMatchObject([{ state: 'kept' }]))
    const [kept] = await mail.readOutbox(10)
    const code = codeIn(kept?.text)
    expect(kept).toMatchObject({
      kind: 'reset_code',
      to: user.email,
      subject: 'Your code for a new password',
    })
    const [row] = await rows<{ dump: string }>(
      node,
      'select to_jsonb(mail_jobs)::text as dump from mail_jobs',
    )
    expect(row?.dump).not.toContain(code)
    expect(row?.dump).not.toContain(Buffer.from(code).toString('hex'))
    const lines = logged.map(line => JSON.parse(line) as { level: number; text?: string })
    expect(lines.filter(({ text }) => text?.includes(code)).map(({ level }) => level)).toEqual([20])
    expect(await verify(code)).toBe('accepted')
  })

  test('a mail whose seal was broken, or put on another, is not shown', async () => {
    const mail = started({ kind: 'outbox' })
    await mail.requestReset(user.email)
    await eventually(async () => expect(await jobs()).toMatchObject([{ state: 'kept' }]))
    await rows(node, 'update mail_jobs set id = $1', [node.newId()])
    expect(await mail.readOutbox(10)).toEqual([])
  })
})
