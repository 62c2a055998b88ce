import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Product, startProduct } from '../product.js'
import { runKit } from './kit.js'
import { startWrongServer, type Wrong } from './wrong-server.js'
import { wrongs } from './wrongs.js'

const only = (...ids: readonly string[]) => ids.flatMap(id => ['--only', id])

describe('a server that breaks the contract', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct()
  })
  afterAll(() => product?.dispose())
  const behind = async (wrong: Wrong) => {
    const server = await startWrongServer(product.api, wrong)
    onTestFinished(() => server.stop())
    return server.url
  }

  it('is not one that stands behind something which changes nothing', async () => {
    const all = new Set(Object.values(wrongs).flatMap(({ noticed }) => noticed))
    const run = await runKit(await behind({}), ...only(...all))
    expect(run.failed, run.shown).toEqual([])
    expect(run.code).toBe(0)
    expect(run.cases.length).toBeGreaterThanOrEqual(all.size)
  }, 180_000)

  it.each(Object.entries(wrongs))(
    '%s: the kit names the cases',
    async (_, { noticed, ...wrong }) => {
      // What has nothing to do with it goes on to hold.
      const other = wrong.frame ? 'form.authorization' : 'connect.bad-token'
      const run = await runKit(await behind(wrong), ...only(other, ...noticed))
      expect(run.code, run.shown).toBe(1)
      expect(run.failed.toSorted(), run.shown).toEqual(noticed.toSorted())
      for (const id of noticed) {
        expect(run.shown).toContain(`✗ ${id}`)
        expect(run.cases.find(each => each.id === id)).toMatchObject({
          expected: expect.any(String) as string,
          came: expect.any(String) as string,
        })
      }
    },
    180_000,
  )

  it('may be no server of ours at all, or not there', async () => {
    const nobody = await runKit('http://127.0.0.1:9')
    expect(nobody).toMatchObject({ code: 2, cases: [] })
    expect(nobody.shown).toContain('does not answer')
    const toy = await behind({
      answer: (_, answer) => {
        answer.status = 404
        answer.body = { error: 'no' }
      },
    })
    const other = await runKit(toy)
    expect(other).toMatchObject({ code: 2, cases: [] })
    expect(other.shown).toContain('create_user answers 404')
  })
})

describe('the command line', () => {
  it.each([
    [[], 'say where the server is'],
    [['localhost:8080'], 'is no address of http: or https:'],
    [['http://localhost:8080', '--only', 'nonsense'], 'no case begins with nonsense'],
    [['http://localhost:8080', '--jobs', 'many'], '--jobs wants a number above 0'],
    [['http://localhost:8080', '--profile', 'lax'], '--profile is standard or strict'],
    [['http://localhost:8080', '--nonsense'], 'nonsense'],
  ])('%j is said wrongly: exit code 2', async (args, says) => {
    const run = await runKit(...args)
    expect(run.code).toBe(2)
    expect(run.shown).toContain(says)
  })
})
