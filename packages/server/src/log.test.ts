import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createLogger, type Logger } from './log.js'

async function written(terminal: boolean, speak: (log: Logger) => void): Promise<string> {
  const lines = new PassThrough()
  speak(createLogger('info', terminal, lines))
  lines.end()
  return text(lines)
}

test('a line is JSON with its level as a word; below the level there is none', async () => {
  const said = await written(false, log => {
    log.info({ callId: 'c1' }, 'hello')
    log.debug('not this')
  })
  expect(JSON.parse(said)).toEqual({ level: 'info', time: expect.any(Number), callId: 'c1', msg: 'hello' })
})

test('on a terminal it is a line to read', async () => {
  const said = await written(true, log => log.warn({ callId: 'c1' }, 'hello'))
  const plain = stripVTControlCharacters(said)
  expect(plain).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: hello \{"callId":"c1"\}\n$/)
})

test.each([false, true])('what slips in among the fields is not written (terminal: %s)', async terminal => {
  const secrets = { token: 'se1', password: 'se2', email: 'se3', phone_number: 'se4', authorization: 'se5' }
  const said = await written(terminal, log => {
    log.info({ ...secrets, code: 'se6', req: { headers: { cookie: 'se7' } } }, 'a')
    log.info({ body: secrets }, 'b')
  })
  expect(said).toContain('[Redacted]')
  expect(said).not.toMatch(/se\d/)
})
