import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { Device } from '../device.js'
import { establish, ring } from '../expectations.js'
import type { Account } from '../people.js'
import type { Guarded } from './guarded.js'
import { keyedTraces } from './keyed-traces.js'

/** Somebody who has done all there is to do, and who else had to do with them. */
export interface Life {
  readonly ada: Account
  readonly friend: Account
  readonly foe: Account
  readonly adasDevice: Device
  readonly friendsDevice: Device
  /** Everything that tells who she is. */
  readonly traces: readonly string[]
  /** Keyed hashes under which limits count her, a row for each at least. */
  readonly keyed: readonly string[]
}

const unknown = '790001112223'

/** Lets somebody register, call, be called, block, be blocked, change, forget and mistype: a row in every table. */
export async function live({ server, client, join, device, database }: Guarded): Promise<Life> {
  const name = randomBytes(8).toString('hex')
  const ada = await join({ firstname: `Ada ${name}`, lastname: `Zweistein ${name}` })
  const [friend, foe] = [await join(), await join()]
  const { token, email } = ada
  const { rest } = client()
  const done = async (method: string, path: string, body: object, by = token) => {
    const answer = await rest(method, path, { token: by, body })
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer
  }
  await done('POST', '/add_contact', { contact_phonenumber: friend.phone_number })
  await done('POST', '/add_contact', { contact_phonenumber: ada.phone_number }, friend.token)
  await done('PUT', '/block_number', { phone_number: foe.phone_number })
  await done('PUT', '/block_number', { phone_number: unknown })
  await done('PUT', '/block_number', { phone_number: ada.phone_number }, foe.token)
  await done('PUT', '/put_settings', { calls_from_contacts_only: true })
  await done('PUT', '/put_firstname', { firstname: `Adamantine ${name}` })

  const [adas, friends, foes] = [await device(ada), await device(friend), await device(foe)]
  await establish(adas, friends)
  adas.hangUp(friends.number)
  await friends.until('the end', ({ REASON }) => REASON === 'HangUp')
  await ring(friends, adas)
  adas.deny(friends.number)
  await friends.until('the denial', ({ REASON }) => REASON === 'callResponse')
  adas.call(unknown)
  await adas.until('unavailable', ({ CAUSE }) => CAUSE === 'unavailable')

  foes.call(ada.phone_number)
  await foes.until('unavailable', ({ CAUSE }) => CAUSE === 'unavailable')
  const number = `79${ada.phone_number.slice(2)}`
  await done('PUT', '/put_phonenumber', { phonenumber: number })
  foes.call(number)
  await foes.until('unavailable', ({ CAUSE }) => CAUSE === 'unavailable')
  const wrong = { email, password: 'Kestrel wrong' }
  expect((await rest('POST', '/login', { body: wrong })).status).toBe(401)
  const other = await client().login(ada)
  await rest('POST', '/logout', { token: other.token })
  expect((await rest('GET', '/get_reset_password_code', { body: { email } })).status).toBe(202)
  const { query } = await database()
  await expect
    .poll(async () => query(`select 1 from mail_jobs where recipient = $1 and kind = 'reset_code'`, [email]))
    .toHaveLength(1)
  await expect
    .poll(async () => query('select 1 from password_resets'), { timeout: 8_000 })
    .not.toHaveLength(0)
  await rest('GET', '/verify_reset_password_code', { body: { email, verify_code: 'EXAMPLE123' } })
  await done('GET', '/get_turn_credentials', {})
  const [user] = await query('select id from users where email = $1', [email])
  const keyed = await keyedTraces(server, { id: String(user?.id), email })
  return {
    ada: { ...ada, phone_number: number },
    friend,
    foe,
    adasDevice: adas,
    friendsDevice: friends,
    traces: [
      name,
      ada.phone_number.slice(2), // both of her numbers end in it
      email,
      String(user?.id),
    ],
    keyed,
  }
}
