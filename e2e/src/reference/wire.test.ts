import { describe, expect, it } from 'vitest'
import { readWire } from './read-wire.js'
import { bumpOf, fingerprintOf, wireFault } from './wire.js'

describe('the wire', () => {
  it('is that of the version of the protocol, or a changeset announces another', async () => {
    const { now, recorded, version, bump } = await readWire()
    expect(wireFault(now, recorded, version, bump)).toBeUndefined()
  })

  const schema = (properties: object) => ({ type: 'object', description: 'prose', properties })
  const asyncapi = (properties: object, causes: object = { busy: 'the callee is in another call' }) => ({
    components: { schemas: { 'client.call': schema(properties) } },
    'x-error-codes': { no_call: 'there is no such call' },
    'x-causes': causes,
    'x-close-codes': [{ code: 4400, reason: 'protocol_error', retry: false, why: 'prose' }],
  })
  const openapi = (refusal: string) => ({
    paths: { '/login': { post: { summary: 'prose', responses: { 401: { description: refusal } } } } },
    components: { schemas: { Problem: schema({ code: { type: 'string' } }) } },
  })
  const refused = '`invalid_token`: The token is not valid.'
  const usual = fingerprintOf(asyncapi({ SDP: { type: 'string' } }), openapi(refused))

  it('is the same in other words', () => {
    const words = { SDP: { type: 'string', description: 'In other words', examples: ['another'] } }
    const other = fingerprintOf(asyncapi(words), openapi('`invalid_token`: In other words.'))
    expect(other).toEqual(usual)
  })

  it.each([
    ['a member', asyncapi({ SDP: { type: 'string' }, AGE: { type: 'integer' } })],
    ['a member by the name of what is prose elsewhere', asyncapi({ SDP: { type: 'string' }, title: {} })],
    ['a bound', asyncapi({ SDP: { type: 'string', maxLength: 9 } })],
    ['a cause', asyncapi({ SDP: { type: 'string' } }, { busy: '', glare: '' })],
  ])('is another one with %s more', (_, changed) => {
    const other = fingerprintOf(changed, openapi(refused))
    expect(other.messages).not.toBe(usual.messages)
    expect(other.routes).toBe(usual.routes)
  })

  it('is another one with another refusal of a route', () => {
    const other = fingerprintOf(asyncapi({ SDP: { type: 'string' } }), openapi('`wrong_account`: No.'))
    expect([other.messages === usual.messages, other.routes === usual.routes]).toEqual([true, false])
  })

  const recorded = { version: '1.2.0', released: true, ...usual }
  const changed = { ...usual, messages: 'another' }

  it('may change with a minor or major changeset alone, and says what to do', () => {
    expect(wireFault(usual, recorded, '1.2.0', undefined)).toBeUndefined()
    for (const bump of ['minor', 'major'] as const)
      expect(wireFault(changed, recorded, '1.2.0', bump)).toBeUndefined()
    for (const bump of ['patch', undefined] as const)
      expect(wireFault(changed, recorded, '1.2.0', bump)).toMatch(/\(messages\).*1\.2\.0.*changeset/)
    expect(wireFault(usual, recorded, '1.3.0', undefined)).toMatch(/of 1\.2\.0.*npm run wire/)
    const unreleased = { ...recorded, released: false }
    expect(wireFault(changed, unreleased, '1.2.0', undefined)).toMatch(/\(messages\).*npm run wire/)
  })

  it('reads what changesets say of the protocol, and of nobody else', () => {
    const changeset = (front: string) => `---\n${front}\n---\n\n"@switchboard/protocol": major in prose\n`
    const protocol = '@switchboard/protocol'
    expect(bumpOf(protocol, [changeset(`"${protocol}": patch`), changeset(`'${protocol}': minor`)])).toBe(
      'minor',
    )
    expect(bumpOf(protocol, [changeset('"@switchboard/protocol-kit": major')])).toBeUndefined()
    expect(bumpOf(protocol, [])).toBeUndefined()
  })
})
