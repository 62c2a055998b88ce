import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import Type from 'typebox'
import type { Identity } from '../../administrators/identity.js'
import { type AdminRoute, get, post } from '../route.js'
import * as shapes from './shapes.js'

export interface About {
  readonly version: string
  readonly brand: string
}

const withoutSecondFactor = true

/** One's own session, password and second factors: for everybody, also before there is a second factor. */
export const ownRoutes = ({ own }: Identity, { version, brand }: About): readonly AdminRoute[] => [
  get({
    ...{ path: '/api/session', least: 'viewer', withoutSecondFactor },
    async handle({ administrator, entered: { session } }) {
      const { id, name, role } = administrator
      return {
        administrator: { id, name, role },
        csrfToken: session?.csrfToken,
        needs: session?.needs,
        secondFactors: await own.secondFactors(id),
        expiresAt: session?.expiresAt.toISOString(),
        ...{ version, brand },
      }
    },
  }),
  post({
    ...{ path: '/api/own/password', least: 'viewer', act: 'own.password', withoutSecondFactor },
    input: Type.Object({ password: shapes.password, newPassword: shapes.password }),
    async handle({ administrator, input, address, entered }) {
      const { password, newPassword } = input
      const { token } = await own.changePassword(administrator.id, password, newPassword, address)
      entered.setToken(token)
      return undefined
    },
  }),
  post({
    ...{ path: '/api/own/totp', least: 'viewer', act: 'own.totp.begin', withoutSecondFactor },
    input: Type.Object({ password: shapes.password }),
    handle: ({ administrator, input, address }) => own.beginTotp(administrator.id, input.password, address),
  }),
  post({
    ...{ path: '/api/own/totp/confirm', least: 'viewer', act: 'own.totp.confirm', withoutSecondFactor },
    input: Type.Object({ code: shapes.code }),
    handle: async ({ administrator, input, address }) => ({
      recoveryCodes: await own.confirmTotp(administrator.id, input.code, address),
    }),
  }),
  post({
    ...{ path: '/api/own/totp/remove', least: 'viewer', act: 'own.totp.remove' },
    input: Type.Object({ password: shapes.password }),
    async handle({ administrator, input, address }) {
      await own.removeTotp(administrator.id, input.password, address)
      return undefined
    },
  }),
  post({
    ...{ path: '/api/own/recovery_codes', least: 'viewer', act: 'own.recovery_codes' },
    input: Type.Object({ password: shapes.password }),
    handle: async ({ administrator, input, address }) => ({
      recoveryCodes: await own.renewRecoveryCodes(administrator.id, input.password, address),
    }),
  }),
  post({
    ...{ path: '/api/own/passkeys/options', least: 'viewer', act: null, withoutSecondFactor },
    handle: ({ administrator, entered }) => own.passkeyCreation(administrator, entered.origin),
  }),
  post({
    ...{ path: '/api/own/passkeys', least: 'viewer', act: 'own.passkey.add', withoutSecondFactor },
    input: Type.Object({ name: shapes.name, response: shapes.credential }),
    async handle({ administrator, input, entered, note }) {
      const response = input.response as unknown as RegistrationResponseJSON
      const id = await own.keepPasskey(administrator.id, input.name, response, entered.origin)
      note({ subject: { kind: 'passkey', id } })
      return { id }
    },
  }),
  post({
    ...{
      path: '/api/own/passkeys/:id/remove',
      least: 'viewer',
      act: 'own.passkey.remove',
      subject: 'passkey',
    },
    input: Type.Object({ password: shapes.password }),
    async handle({ administrator, params, input, address }) {
      await own.removePasskey(administrator.id, params.id ?? '', input.password, address)
      return undefined
    },
  }),
]
