import { randomBytes, randomInt } from 'node:crypto'
import type { RestOptions, RestResponse } from './rest-client.js'

/** The body of `create_user`. */
export interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly phone_number: string
  readonly email: string
  readonly password: string
}

/** A registered person, logged in. */
export interface Account extends Person {
  readonly token: string
}

/** A number that nobody has. */
export const freshNumber = () => `${randomInt(10, 99)}${randomInt(1e9, 1e10 - 1)}`

const freshPassword = () => `Kestrel ${randomBytes(6).toString('hex')}`

/** Somebody new, with the given traits. */
export function person(traits: Partial<Person> = {}): Person {
  return {
    firstname: 'Mara',
    lastname: 'Lindqvist',
    phone_number: freshNumber(),
    email: `mara.${randomBytes(6).toString('hex')}@example.org`,
    password: freshPassword(),
    ...traits,
  }
}

export type Rest = (method: string, path: string, options?: RestOptions) => Promise<RestResponse>

async function expectStatus(status: number, answer: Promise<RestResponse>): Promise<RestResponse> {
  const response = await answer
  if (response.status !== status)
    throw new Error(`expected ${status}, got ${response.status}: ${response.text}`)
  return response
}

export const register = (rest: Rest, who: Person) =>
  expectStatus(201, rest('POST', '/create_user', { body: who }))

export async function login(rest: Rest, who: Pick<Person, 'email' | 'password'>): Promise<string> {
  const body = { email: who.email, password: who.password }
  const response = await expectStatus(200, rest('POST', '/login', { body }))
  return String(response.body.token)
}
