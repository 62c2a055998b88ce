import type { CreateUserBody, ErrorCode } from '@switchboard/protocol'

/** Somebody who is registered. */
export interface Person extends CreateUserBody {
  readonly contacts: Set<Person>
  readonly blocked: Set<string>
  readonly settings: { relay_only_for_strangers: boolean; calls_from_contacts_only: boolean }
}

/** A "no" with a code of the closed list. */
export class Refused extends Error {
  readonly code: ErrorCode
  readonly status: number
  constructor(code: ErrorCode, status: number) {
    super(code)
    this.code = code
    this.status = status
  }
}

/** Open numbering: the digits, however they are written. */
export const canonical = (number: string) => number.replace(/[^0-9]/g, '')

/** The users of the server, and who is logged in by which token. */
export function createPeople() {
  const people = new Set<Person>()
  const tokens = new Map<string, Person>()
  let issued = 0
  const withNumber = (number: string) => [...people].find(each => each.phone_number === canonical(number))
  const withEmail = (email: string) =>
    [...people].find(each => each.email.toLowerCase() === email.toLowerCase())

  return {
    withNumber,
    add(user: CreateUserBody): Person {
      if (withNumber(user.phone_number) || withEmail(user.email)) throw new Refused('already_registered', 409)
      const settings = { relay_only_for_strangers: false, calls_from_contacts_only: false }
      const phone_number = canonical(user.phone_number)
      const person = {
        ...user,
        phone_number,
        contacts: new Set<Person>(),
        blocked: new Set<string>(),
        settings,
      }
      people.add(person)
      return person
    },
    remove(person: Person) {
      people.delete(person)
      for (const each of people) each.contacts.delete(person)
    },
    /** A token of this person; `login` checks the password first. */
    issue(person: Person) {
      const token = `in.memory.${++issued}`
      tokens.set(token, person)
      return token
    },
    login(email: string, password: string): Person {
      const person = withEmail(email)
      if (!person || person.password !== password) throw new Refused('invalid_credentials', 401)
      return person
    },
    of(token: string | undefined): Person | undefined {
      const person = token === undefined ? undefined : tokens.get(token)
      return person && people.has(person) ? person : undefined
    },
    revoke(isDead: (token: string, person: Person) => boolean) {
      for (const [token, person] of tokens) if (isDead(token, person)) tokens.delete(token)
    },
  }
}
export type People = ReturnType<typeof createPeople>
