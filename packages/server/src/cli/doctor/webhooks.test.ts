import { createServer } from 'node:http'
import { beforeAll, expect, test } from 'vitest'
import { listening } from '../../http/testing.js'
import { webhookReceivers } from './webhooks.js'

const methods: (string | undefined)[] = []
const receiver = createServer((request, response) => {
  methods.push(request.method)
  response.writeHead(request.url === '/moved' ? 301 : 405, { location: '/' }).end()
})
let base: string
beforeAll(async () => {
  base = `http://127.0.0.1:${await listening(receiver)}`
  return () => void receiver.close()
})
const look = (...urls: string[]) => webhookReceivers({ urls, secrets: [] })

test('a receiver that answers is there, whatever it says; it is told of nothing', async () => {
  expect(await look(`${base}/?key=sesame`)).toEqual([{ status: 'ok', detail: `${base}/?… answers` }])
  expect(methods).toEqual(['HEAD'])
})

test('one that redirects, is not there or is not encrypted is found', async () => {
  const [moved, gone] = await look(`${base}/moved`, 'http://127.0.0.1:9/?key=sesame')
  expect(moved).toMatchObject({ status: 'warning', detail: expect.stringContaining('redirects') })
  expect(gone).toMatchObject({ status: 'failure' })
  expect(gone?.detail).not.toContain('sesame')
  expect(await look('http://nobody.invalid/')).toMatchObject([
    { status: 'failure' },
    { status: 'warning', detail: 'http://nobody.invalid/ is not encrypted' },
  ])
})
