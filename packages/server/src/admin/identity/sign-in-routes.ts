import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import Type from 'typebox'
import { AdminRefusal } from '../../administrators/admin-refusal.js'
import type { Identity } from '../../administrators/identity.js'
import type { HalfWay, SignedIn } from '../../administrators/sign-in.js'
import type { Entered } from '../entered.js'
import { type AdminRoute, type Asked, post } from '../route.js'
import * as shapes from './shapes.js'

/** Who has given a password and yet has to give more. */
function halfOf({ session, token }: Entered): HalfWay | undefined {
  if (session?.awaits === undefined || token === undefined) return undefined
  return { administratorId: session.administrator.id, token }
}

function mustBeHalf(entered: Entered): HalfWay {
  const half = halfOf(entered)
  if (!half) throw new AdminRefusal('not_begun')
  return half
}

/** Gives the browser the token, and the audit log the name. */
function entering(
  { entered, note }: Pick<Asked, 'entered' | 'note'>,
  { token, administratorId, view }: SignedIn,
) {
  entered.setToken(token)
  note({ administratorId })
  return view
}

export const signInRoutes = ({ signIn, sessions, accounts, firstLink }: Identity): readonly AdminRoute[] => [
  post({
    path: '/api/sign_in',
    least: 'anybody',
    act: 'sign_in.password',
    input: Type.Object({ name: Type.String({ maxLength: 400 }), password: shapes.password }),
    async handle(asked) {
      const { input, address, entered, note } = asked
      const onKnown = (administratorId: string) => note({ administratorId })
      const signedIn = await signIn.byPassword(input.name, input.password, address, onKnown)
      if (entered.token !== undefined) await sessions.end(entered.token)
      return entering(asked, signedIn)
    },
  }),
  post({
    path: '/api/sign_in/totp',
    least: 'half_signed_in',
    act: 'sign_in.totp',
    input: Type.Object({ code: shapes.code }),
    handle: async asked =>
      entering(asked, await signIn.byTotp(mustBeHalf(asked.entered), asked.input.code, asked.address)),
  }),
  post({
    path: '/api/sign_in/recovery_code',
    least: 'half_signed_in',
    act: 'sign_in.recovery_code',
    input: Type.Object({ code: shapes.code }),
    handle: async asked =>
      entering(
        asked,
        await signIn.byRecoveryCode(mustBeHalf(asked.entered), asked.input.code, asked.address),
      ),
  }),
  post({
    path: '/api/sign_in/passkey/options',
    least: 'anybody',
    act: null,
    handle: ({ entered }) => signIn.passkeyRequest(halfOf(entered), entered.origin),
  }),
  post({
    path: '/api/sign_in/passkey',
    least: 'anybody',
    act: 'sign_in.passkey',
    input: Type.Object({ response: shapes.credential }),
    async handle(asked) {
      const { entered, input } = asked
      const response = input.response as unknown as AuthenticationResponseJSON
      return entering(asked, await signIn.byPasskey(halfOf(entered), response, entered.origin))
    },
  }),
  post({
    path: '/api/sign_out',
    least: 'anybody',
    act: 'sign_out',
    async handle({ entered }) {
      if (entered.token !== undefined) await sessions.end(entered.token)
      entered.setToken(undefined)
      return undefined
    },
  }),
  post({
    path: '/api/first_administrator',
    least: 'anybody',
    act: 'administrator.first',
    input: Type.Object({ token: shapes.token, name: shapes.name, password: shapes.password }),
    async handle(asked) {
      const { token, name, password } = asked.input
      if (!firstLink.isGood(token)) throw new AdminRefusal('link_spent')
      const id = await accounts.create(name, 'owner', password, true)
      firstLink.close()
      asked.note({ subject: { kind: 'administrator', id } })
      return entering(asked, await signIn.done(id, undefined))
    },
  }),
  post({
    path: '/api/invitation',
    least: 'anybody',
    act: 'administrator.accept',
    input: Type.Object({ token: shapes.token, name: Type.Optional(shapes.name), password: shapes.password }),
    async handle(asked) {
      const { token, name, password } = asked.input
      const id = await accounts.accept(token, name, password)
      asked.note({ subject: { kind: 'administrator', id } })
      return entering(asked, await signIn.done(id, undefined))
    },
  }),
]
