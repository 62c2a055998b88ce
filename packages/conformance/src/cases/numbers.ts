import {
  expectEqual,
  expectInvalid,
  expectLike,
  expectProblem,
  expectStatus,
  expectTrue,
} from '../check/expect.js'
import { openNumber } from '../people/member.js'
import { casesOf } from '../run/case.js'
import type { Target } from '../run/target.js'
import { phones } from './scenes.js'

const openPlan = ({ plan }: Target) => (plan === 'open' ? undefined : 'the server has the e164 plan')

/** The same number as somebody might write it. */
const written = (number: string) => {
  const digits = number.replace('+', '')
  return number.startsWith('+')
    ? `+${digits.slice(0, 2)} (${digits.slice(2, 4)}) ${digits.slice(4, 7)}-${digits.slice(7, 9)}.${digits.slice(9)}`
    : `+(${digits.slice(0, 3)}) ${digits.slice(3, 6)}.${digits.slice(6, 9)}-${digits.slice(9)} `
}

const unwritable = [
  ...['', '+', '()-', '12', '1234567890123456', '12a45', '+12+34567', '1234+', '123\n456', "1' or '1'='1"],
  ...['１２３４５６', '١٢٣٤٥٦', '123\u200b456'],
]

export const numbers = casesOf('numbers', [
  [
    'written',
    '1',
    'Spaces, dots, dashes, parentheses and a leading + are written at will; the digits come back',
    async t => {
      const phone_number = openNumber()
      const who = t.nobody({ phone_number: written(phone_number) })
      const created = await t.rest('POST', '/create_user', { body: who })
      expectStatus(created, 201)
      expectEqual('phone_number', created.body.phone_number, phone_number)
    },
    { cannot: openPlan },
  ],
  [
    'refused',
    '1',
    'Too short, too long, letters, digits that are not ASCII: no number',
    async t => {
      const { token } = await t.person()
      for (const phone_number of unwritable) {
        expectInvalid(await t.rest('PUT', '/block_number', { token, body: { phone_number } }))
      }
      for (const phone_number of [1234567890, null, ['1234567890']]) {
        expectInvalid(await t.rest('PUT', '/block_number', { token, body: { phone_number } }))
      }
    },
  ],
  [
    'canonical-everywhere',
    '1',
    'A number is canonical wherever it enters: contacts, blocks and calls alike',
    async t => {
      const [ada, ben] = await phones(t, 2)
      const { token } = ada.account
      const contact_phonenumber = written(ben.number)
      const added = await t.rest('POST', '/add_contact', { token, body: { contact_phonenumber } })
      expectStatus(added, 201, 409) // friends already, by the strict profile
      const removed = await t.rest('DELETE', '/delete_contact', { token, body: { contact_phonenumber } })
      expectStatus(removed, 204)
      ada.call(contact_phonenumber, 'offer', { SENDER_PHONE_NUMBER: written(ada.number) })
      expectLike('the call', await ben.next('call'), {
        SENDER_PHONE_NUMBER: ada.number,
        RECEIVER_PHONE_NUMBER: ben.number,
      })
      const block = { phone_number: contact_phonenumber }
      expectStatus(await t.rest('PUT', '/block_number', { token, body: block }), 204)
      const { body } = await t.rest('GET', '/get_blocked', { token })
      expectEqual('the blocked', body, { blocked: [ben.number] })
    },
  ],
  [
    'one-owner',
    '1',
    'A number belongs to one user at most, however it is written',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      const taken = t.nobody({ phone_number: written(ada.phone_number) })
      expectProblem(await t.rest('POST', '/create_user', { body: taken }), 409, 'already_registered')
      const body = { phonenumber: written(ada.phone_number), ...passwordFor(t.target, ben) }
      const moved = await t.rest('PUT', '/put_phonenumber', { token: ben.token, body })
      expectProblem(moved, 409, 'phone_number_taken')
    },
  ],
  [
    'one-of-many-at-once',
    '1',
    'Of many registrations of a number at once one succeeds',
    async t => {
      const { phone_number } = t.nobody()
      const create = () => t.rest('POST', '/create_user', { body: t.nobody({ phone_number }) })
      const answers = await Promise.all([create(), create(), create(), create()])
      const statuses = answers.map(({ status }) => status).toSorted()
      expectEqual('the answers', statuses, [201, 409, 409, 409])
    },
  ],
  [
    'names',
    '1',
    'Names are trimmed and NFC, 1 to 100 characters, without control characters',
    async t => {
      const { token } = await t.person()
      const put = (firstname: unknown) => t.rest('PUT', '/put_firstname', { token, body: { firstname } })
      for (const name of [
        '   ',
        '',
        'n'.repeat(101),
        'Ma\nra',
        'Ma\u0000ra',
        'Mara\u007f',
        'Mara\u0085x',
        7,
      ]) {
        expectInvalid(await put(name))
      }
      expectLike('the name', (await put('  Zoe\u0308 ')).body, { firstname: 'Zoë' })
      expectStatus(await put('Å'), 200)
      expectStatus(await put('ß'.repeat(100)), 200)
    },
  ],
  [
    'emails',
    '1',
    'An email is syntax only, 254 characters at most, any top-level domain',
    async t => {
      const create = (email: string) => t.rest('POST', '/create_user', { body: t.nobody({ email }) })
      for (const email of [
        'plain',
        '@example.org',
        'mara@',
        'ma ra@example.org',
        `${'m'.repeat(250)}@example.org`,
      ]) {
        expectInvalid(await create(email))
      }
      const { email } = t.nobody()
      expectStatus(await create(email.replace('example.org', 'sub.domain.yup')), 201)
    },
  ],
  [
    'email-case',
    '1',
    'An email is compared without case',
    async t => {
      const ada = await t.person()
      const taken = t.nobody({ email: ada.email.toUpperCase() })
      expectProblem(await t.rest('POST', '/create_user', { body: taken }), 409, 'already_registered')
      const body = { email: ada.email.toUpperCase(), password: ada.password }
      expectStatus(await t.rest('POST', '/login', { body }), 200)
    },
  ],
  [
    'passwords-weak',
    '1',
    'Short ones, the commonest ones, and the user’s own email, number and names are weak',
    async t => {
      const who = t.nobody({ firstname: 'Wilhelmina Augusta', lastname: 'Featherstonehaugh' })
      const weak = ['k7#pQ2x', 'password', '12345678', who.email, who.email.toUpperCase(), who.lastname]
      for (const password of [...weak, who.phone_number]) {
        const answer = await t.rest('POST', '/create_user', { body: { ...who, password } })
        expectProblem(answer, 400, 'weak_password')
      }
    },
  ],
  [
    'passwords-whole',
    '1',
    '128 code points of any Unicode are a password, known to the last; 129 are not',
    async t => {
      const password = '🦜🎺'.repeat(64)
      const who = t.nobody({ password })
      expectStatus(await t.rest('POST', '/create_user', { body: who }), 201)
      const login = (attempt: string) =>
        t.rest('POST', '/login', { body: { email: who.email, password: attempt } })
      expectStatus(await login(password), 200)
      expectProblem(await login([...password].slice(0, -1).join('')), 401, 'invalid_credentials')
      const longer = await t.rest('POST', '/create_user', { body: t.nobody({ password: 'x9 '.repeat(43) }) })
      expectProblem(longer, 400, 'weak_password', 'invalid_request')
    },
  ],
  [
    'strict-passwords',
    '1, strict profile',
    'Passwords have 15 characters at least',
    async t => {
      const create = (password: string) => t.rest('POST', '/create_user', { body: t.nobody({ password }) })
      expectProblem(await create('k7#pQ2xzWm4&vT'), 400, 'weak_password')
      expectStatus(await create('k7#pQ2xzWm4&vT9'), 201)
    },
    { cannot: ({ profile }) => (profile === 'strict' ? undefined : 'the standard profile takes 8') },
  ],
  [
    'strict-number-wants-password',
    '1, strict profile',
    'put_phonenumber wants the password again, and the released number rests',
    async t => {
      const { token, password, phone_number } = await t.person()
      const phonenumber = t.number()
      const put = (more: object) =>
        t.rest('PUT', '/put_phonenumber', { token, body: { phonenumber, ...more } })
      expectStatus(await put({}), 400, 401)
      expectProblem(await put({ password: 'not the password at all' }), 401, 'invalid_credentials')
      expectTrue('a changed number', (await put({ password })).body.phone_number === phonenumber, phonenumber)
      const taken = t.nobody({ phone_number })
      expectProblem(await t.rest('POST', '/create_user', { body: taken }), 409, 'already_registered')
    },
    { cannot: ({ profile }) => (profile === 'strict' ? undefined : 'the standard profile does not ask') },
  ],
])

/** What the strict profile wants beside a new number. */
export const passwordFor = ({ profile }: Target, { password }: { readonly password: string }) =>
  profile === 'strict' ? { password } : {}
