import { randomBytes, randomInt } from 'node:crypto'

/** The body of `create_user`. */
export interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly phone_number: string
  readonly email: string
  readonly password: string
}

/** Somebody whom the kit registered; what changes about them is written down, so that they can be deleted. */
export interface Member extends Person {
  phone_number: string
  password: string
  token: string
}

/** A number of the open plan that hardly anybody has. */
export const openNumber = () => `${randomInt(10, 99)}${randomInt(1e9, 1e10 - 1)}`

/** A number of E.164 that a library of numbers takes for valid: a Swedish mobile phone. */
export const e164Number = () =>
  `+467${[0, 2, 3, 6, 9][randomInt(5)]}${String(randomInt(1e7)).padStart(7, '0')}`

/** Long enough for the strict profile too. */
export const freshPassword = () => `Kestrel ${randomBytes(9).toString('hex')}`

/** Somebody new, with the given traits. */
export const somebody = (freshNumber: () => string, traits: Partial<Person> = {}): Person => ({
  firstname: 'Mara',
  lastname: 'Lindqvist',
  phone_number: freshNumber(),
  email: `conformance.${randomBytes(8).toString('hex')}@example.org`,
  password: freshPassword(),
  ...traits,
})
