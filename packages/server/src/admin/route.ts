import type { AdministratorView, Role } from '@switchboard/protocol/admin'
import type Type from 'typebox'
import type { TProperties, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { refuseFaults } from '../http/faults.js'
import type { AddressKey } from '../throttles/addresses.js'
import type { Entered } from './entered.js'

/**
 * Who may ask: anybody; who has given a right password and yet has to give the second factor; or an administrator of
 * that role or a higher one.
 */
export type Least = 'anybody' | 'half_signed_in' | Role

/** Whose it is, if it is anybody's. */
type Administrator<L extends Least> = L extends Role ? AdministratorView : undefined

/** What a handler is given. Everything in it was checked. */
export interface Asked<L extends Least = Least, Input = unknown, Query = unknown> {
  readonly administrator: Administrator<L>
  readonly input: Input
  readonly query: Query
  /** The parts of the path that the template names; a UUID each, unless the route says otherwise. */
  readonly params: Readonly<Record<string, string>>
  readonly address: AddressKey
  /** For the routes of identity: the session, and the page's origin. */
  readonly entered: Entered
  /** For the audit log, beside what the route says: whom or what it was about. Ids and closed words, nothing personal. */
  note(about: Noted): void
}

export interface Noted {
  readonly subject?: { readonly kind: string; readonly id: string }
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>
  /** Where nobody is signed in: who it was nevertheless. */
  readonly administratorId?: string
}

/** A file to save, made while it is sent. */
export interface Download {
  readonly fileName: string
  readonly type: string
  readonly chunks: AsyncIterable<string>
}

/** An object is answered as JSON, nothing as 204. */
export type Handled = object | undefined

export interface AdminRoute {
  readonly method: 'GET' | 'POST'
  /** `/api/users/:id` */
  readonly path: string
  readonly least: Least
  /** Of a POST: the act's name in the audit log, and what kind of thing `:id` is. */
  readonly act?: string | null
  readonly subject?: string | undefined
  /** Also for who has yet to set up a second factor where one is asked for. */
  readonly withoutSecondFactor: boolean
  readonly isParam: (text: string) => boolean
  readInput(body: unknown): unknown
  readQuery(query: URLSearchParams): unknown
  handle(asked: Asked): Promise<Handled | Download> | Handled | Download
}

interface Common<L extends Least, Query extends TProperties> {
  readonly path: string
  readonly least: L
  /** Texts, numbers by `Type.Integer`; a parameter that is not named is refused. */
  readonly query?: Type.TObject<Query>
  readonly withoutSecondFactor?: true
  /** What `:id` may be, where it is no UUID. */
  readonly isParam?: (text: string) => boolean
}

export interface GetRoute<L extends Least, Query extends TProperties> extends Common<L, Query> {
  handle(
    asked: Asked<L, undefined, Type.Static<Type.TObject<Query>>>,
  ): Promise<Handled | Download> | Handled | Download
}

export interface PostRoute<L extends Least, Input extends TProperties> extends Common<L, TProperties> {
  /** Its name in the audit log; null: nothing is done, it only asks. */
  readonly act: string | null
  readonly subject?: string
  readonly input?: Type.TObject<Input>
  handle(asked: Asked<L, Type.Static<Type.TObject<Input>>>): Promise<Handled> | Handled
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const isUuid = (text: string) => uuid.test(text)

/** A route that changes nothing. */
export const get = <L extends Least, Query extends TProperties = Record<never, never>>(
  route: GetRoute<L, Query>,
): AdminRoute => ({
  method: 'GET',
  ...common(route),
  readInput: () => undefined,
  handle: asked => route.handle(asked as Asked<L, undefined, Type.Static<Type.TObject<Query>>>),
})

/** A route that does something: audited by `act`. */
export const post = <L extends Least, Input extends TProperties = Record<never, never>>(
  route: PostRoute<L, Input>,
): AdminRoute => ({
  method: 'POST',
  ...common(route),
  act: route.act,
  subject: route.subject,
  readInput: reader(route.input),
  handle: asked => route.handle(asked as Asked<L, Type.Static<Type.TObject<Input>>>),
})

function common<L extends Least, Query extends TProperties>({
  path,
  least,
  query,
  withoutSecondFactor = false,
  isParam = isUuid,
}: Omit<Common<L, Query>, 'withoutSecondFactor'> & { readonly withoutSecondFactor?: boolean }) {
  const read = reader(query)
  const readQuery = (sent: URLSearchParams) => read(withNumbers(query, Object.fromEntries(sent)))
  return { path, least, withoutSecondFactor, isParam, readQuery }
}

/** Checks against the schema; without one it must be empty. Members that are not named are refused. */
function reader(schema: TSchema = { type: 'object', properties: {} }) {
  const closed = { ...schema, additionalProperties: false }
  let validator: Validator | undefined
  return (value: unknown) => {
    validator ??= Compile(closed) as unknown as Validator
    if (validator.Check(value)) return value
    throw refuseFaults(validator, value)
  }
}

/** A query string has no other way to write numbers. */
function withNumbers(schema: TSchema | undefined, query: Readonly<Record<string, string>>): unknown {
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, { type?: string }> }
  const entries = Object.entries(query).map(
    ([name, value]) =>
      [
        name,
        properties[name]?.type === 'integer' && /^\d{1,9}$/.test(value) ? Number(value) : value,
      ] as const,
  )
  return Object.fromEntries(entries)
}
