import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { type Product, startProduct } from '../product.js'
import { expectHeld, leftOut, runKit } from './kit.js'

/** The mail to an address as text, as programs that catch mail for tests show it. */
function showMails(mailbox: Mailbox): Server {
  return createServer((request, response) => {
    const to = new URL(request.url ?? '/', 'http://mail').searchParams.get('to')
    const texts = mailbox.mails.filter(mail => mail.to?.[0]?.address === to).map(mail => mail.text ?? '')
    response.end(texts.at(-1) ?? '')
  }).listen(0, '127.0.0.1')
}

describe('the contract, on one node', () => {
  let mailbox: Mailbox
  let mails: Server
  let product: Product
  beforeAll(async () => {
    mailbox = await openMailbox()
    mails = showMails(mailbox)
    await once(mails, 'listening')
    const timers = { RING_TIMEOUT_SECONDS: '3', RESUME_WINDOW_SECONDS: '4', HEARTBEAT_SECONDS: '5' }
    product = await startProduct({ env: { ...timers, SMTP_URL: mailbox.url, MAIL_FROM: 'a@example.org' } })
  })
  afterAll(async () => {
    await product?.dispose()
    mails?.close()
    await mailbox?.close()
  })

  it('holds, every case of it', async () => {
    const { port } = mails.address() as AddressInfo
    const mail = ['--mailbox-url', `http://127.0.0.1:${port}/?to={email}`]
    const timers = ['--ring-timeout', '3', '--resume-window', '4']
    const run = await runKit(product.api, '--signal', product.signal, '--slow', ...timers, ...mail)
    expectHeld(run, leftOut.limits, ...leftOut.strict)
  }, 240_000)

  it('is left as it was: somebody with the same number and email may come', async () => {
    const run = await runKit(product.api, '--only', 'accounts.create')
    expect(run).toMatchObject({ code: 0, failed: [] })
    expect(run.shown).not.toContain('could not be deleted')
  })
})

describe('the contract, where limits are on', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct({ env: { RATE_LIMITS: 'on' } })
  })
  afterAll(() => product?.dispose())

  it('holds: cases have people of those before, limits are waited for, and are tried in the end', async () => {
    const only = ['accounts.login', 'payloads', 'call.accepted', 'blocks', 'limits']
    const run = await runKit(product.api, '--limits', ...only.flatMap(each => ['--only', each]))
    expect(run.failed, run.shown).toEqual([])
    expect(run.reasons, run.shown).toEqual([])
    expect(run.code).toBe(0)
  }, 240_000)
})
