import { describe, expect, it } from 'vitest'
import { expectInvalid, expectProblem } from '../expectations.js'
import { freshNumber, person } from '../people.js'
import { running } from '../running.js'

describe('accounts', () => {
  const server = running()
  const create = (body: unknown) => server.rest('POST', '/create_user', { body })

  it('refuses a number that is registered, however it is written', async () => {
    const { phone_number } = await server.join()
    const written = `+${phone_number.slice(0, 2)} (${phone_number.slice(2, 5)}) ${phone_number.slice(5, 8)}-${phone_number.slice(8, 10)}.${phone_number.slice(10)}`
    expectProblem(await create(person({ phone_number: written })), 409, 'already_registered')
  })

  it('refuses an email that is registered, whatever its case, in the same words as a number', async () => {
    const account = await server.join()
    const email = await create(person({ email: account.email.toUpperCase() }))
    const number = await create(person({ phone_number: account.phone_number }))
    expectProblem(email, 409, 'already_registered')
    expect({ ...email.body, instance: undefined }).toEqual({ ...number.body, instance: undefined })
  })

  it('lets one of many parallel registrations of a number through', async () => {
    const phone_number = freshNumber()
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(person({ phone_number }))))
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409])
  })

  it.each([
    ['seven', 'k7#pQ2x'],
    ['the commonest', 'password'],
    ['the commonest', '12345678'],
    ['the commonest', 'Password1'],
    ['the commonest', 'qwertyuiop'],
  ])('refuses a password: %s (%s)', async (_, password) => {
    expectProblem(await create(person({ password })), 400, 'weak_password')
  })

  it('refuses a password of a hundred and twenty-nine, weak or not', async () => {
    const response = await create(person({ password: 'x9 '.repeat(43) }))
    expect(response.status).toBe(400)
    expect(['weak_password', 'invalid_request']).toContain(response.body.code)
  })

  it("refuses the user's own email, number and names as a password", async () => {
    const who = person({ firstname: 'Wilhelmina', lastname: 'Featherstone' })
    const email = who.email
    const guesses = [
      email,
      email.toUpperCase(),
      who.phone_number,
      who.firstname,
      'featherstone',
      'Wilhelmina Featherstone',
    ]
    for (const password of guesses) {
      expectProblem(await create({ ...who, password }), 400, 'weak_password')
    }
  })

  it.each([
    ['eight', 'k7#pQ2xz'],
    ['a hundred and twenty-eight', `${'x9#Kq '.repeat(21)}zz`],
    ['a hundred and twenty-eight code points outside the first plane', '🦜🎺'.repeat(64)],
    ['one kind of symbol, spaces', 'lemming trombone gravel'],
    ['any Unicode', 'пароль из слов 42'],
  ])('takes a password of %s and knows it whole', async (_, password) => {
    const who = person({ password })
    expect((await create(who)).status).toBe(201)
    const login = (attempt: string) =>
      server.rest('POST', '/login', { body: { email: who.email, password: attempt } })
    expect((await login(password)).status).toBe(200)
    expectProblem(await login([...password].slice(0, -1).join('')), 401, 'invalid_credentials')
  })

  it('trims and normalises names', async () => {
    const who = person({ firstname: '  Zoe\u0308 ', lastname: '\tO’Neill-Łuczak  ' })
    const response = await create(who)
    expect(response.body).toMatchObject({ firstname: 'Zoë', lastname: 'O’Neill-Łuczak' })
  })

  it('takes names of one and of a hundred characters', async () => {
    expect((await create(person({ firstname: 'Å', lastname: '李' }))).status).toBe(201)
    expect((await create(person({ firstname: 'ß'.repeat(100) }))).status).toBe(201)
    expect((await create(person({ firstname: ` ${'👩'.repeat(100)} ` }))).status).toBe(201)
  })

  it.each([
    ['blank', '   '],
    ['empty', ''],
    ['too long', 'n'.repeat(101)],
    ['with a line end', 'Ma\nra'],
    ['with NUL', 'Ma\u0000ra'],
    ['with an escape', '\u001b[31mMara'],
    ['with DEL', 'Mara\u007f'],
    ['with a C1 control', 'Mara\u0085x'],
    ['with half a surrogate pair', 'Mara\ud800'],
  ])('refuses a name that is %s', async (_, name) => {
    expectInvalid(await create(person({ firstname: name })))
    expectInvalid(await create(person({ lastname: name })))
    const { token } = await server.join()
    expectInvalid(await server.rest('PUT', '/put_firstname', { token, body: { firstname: name } }))
    expectInvalid(await server.rest('PUT', '/put_lastname', { token, body: { lastname: name } }))
  })

  it.each([
    'plain',
    '@example.org',
    'mara@',
    'mara@@example.org',
    'ma ra@example.org',
    'mara\n@example.org',
    'mara\u0000@example.org',
    'mara@exa\r\nmple.org',
    `${'m'.repeat(250)}@example.org`,
    'mara@example.org,eve@example.org',
    'Mara <mara@example.org>',
    'mara\ud800@example.org',
  ])('refuses an email: %j', async email => {
    expectInvalid(await create(person({ email })))
  })

  it.each(['x1@a.museum', 'a.b+c1@sub.domain.yup', "o'neil1@example.invalid"])(
    'takes an email of any domain: %s',
    async email => {
      expect((await create(person({ email }))).status).toBe(201)
    },
  )

  it('logs in with an email in any case', async () => {
    const email = `Mixed.${freshNumber()}@Example.ORG`
    const who = person({ email })
    expect((await create(who)).status).toBe(201)
    const body = { email: email.toLowerCase(), password: who.password }
    expect((await server.rest('POST', '/login', { body })).status).toBe(200)
  })

  it.each(['firstname', 'lastname', 'phone_number', 'email', 'password'])('wants %s', async field => {
    const { [field]: _, ...rest } = { ...person() } as Record<string, unknown>
    const response = await create(rest)
    expectInvalid(response)
    expect(JSON.stringify(response.body.errors)).toContain(field)
  })

  it('answers names that were changed', async () => {
    const { token } = await server.join()
    await server.rest('PUT', '/put_firstname', { token, body: { firstname: ' Ada ' } })
    await server.rest('PUT', '/put_lastname', { token, body: { lastname: 'King' } })
    const { body } = await server.rest('GET', '/get_user', { token })
    expect(body).toMatchObject({ firstname: 'Ada', lastname: 'King' })
  })
})
