import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { SessionView, TotpView } from '@switchboard/protocol/admin'
import { renderSVG } from 'uqr'
import { limits } from '../limits.js'
import { seal, unseal } from '../mail/sealing.js'
import { Refusal } from '../refusal.js'
import type { AddressKey } from '../throttles/addresses.js'
import { AdminRefusal } from './admin-refusal.js'
import type { IdentityDeps } from './deps.js'
import { secondFactorKey, signInKey } from './names.js'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.js'
import type { SignedIn, SignInParts } from './sign-in.js'
import type { Administrator } from './stores.js'
import { base32, newTotpSecret, stepOf, totpUri } from './totp.js'

/** An administrator's own password and second factors. */
export function createOwnAccount(
  deps: IdentityDeps,
  parts: SignInParts & { done: (id: string, half: undefined) => Promise<SignedIn> },
) {
  const { database, stores, throttles, clock, sealingKey, productName } = deps
  const { administrators, factors, sessions } = stores
  const { passwords, passkeys } = parts

  async function mine(id: string): Promise<Administrator> {
    const administrator = await administrators.byId(database, id)
    if (!administrator) throw new AdminRefusal('administrator_not_found')
    return administrator
  }

  /** Whoever sits down at a screen that was left open gets no further than that. */
  async function confirm(id: string, password: string, address: AddressKey): Promise<Administrator> {
    const administrator = await mine(id)
    try {
      return await throttles.login(signInKey(administrator.name), address, () =>
        passwords.prove(administrator, password),
      )
    } catch (error) {
      if (error instanceof Refusal && error.code === 'invalid_credentials')
        throw new AdminRefusal('wrong_password')
      throw error
    }
  }

  async function renewRecoveryCodes(id: string): Promise<readonly string[]> {
    const codes = newRecoveryCodes()
    const key = await sealingKey(database)
    const hashes = codes.map(code => recoveryCodeHash(key, id, code))
    await database.transaction(tx => factors.setRecoveryCodes(tx, id, hashes))
    return codes
  }

  return {
    async secondFactors(id: string): Promise<SessionView['secondFactors']> {
      const { totpSecret, recoveryCodes } = await mine(id)
      const kept = await factors.passkeys(database, id)
      return {
        totp: totpSecret !== null,
        recoveryCodesLeft: recoveryCodes,
        passkeys: kept.map(({ id: passkeyId, name, createdAt, lastUsedAt }) => ({
          ...{ id: passkeyId, name, createdAt: createdAt.toISOString() },
          lastUsedAt: lastUsedAt?.toISOString() ?? null,
        })),
      }
    },

    /** Every session ends, and this one begins anew. */
    async changePassword(id: string, password: string, next: string, address: AddressKey): Promise<SignedIn> {
      const { name, passwordHash } = await confirm(id, password, address)
      const hash = await passwords.hashNew(next, name, '/newPassword')
      const isChanged = await database.transaction(async tx => {
        if (!(await administrators.setPassword(tx, id, hash, passwordHash))) return false
        await sessions.endAll(tx, id)
        return true
      })
      if (!isChanged) throw new AdminRefusal('wrong_password') // somebody else changed it first
      return parts.done(id, undefined)
    },

    async beginTotp(id: string, password: string, address: AddressKey): Promise<TotpView> {
      const { name } = await confirm(id, password, address)
      const secret = newTotpSecret()
      const sealed = seal(await sealingKey(database), `totp ${id}`, secret.toString('base64'))
      await factors.setPendingTotp(database, id, sealed)
      const uri = totpUri(secret, productName, name)
      return { secret: base32(secret), uri, qrSvg: renderSVG(uri, { border: 2, pixelSize: 4 }) }
    },

    /** In force from the first right code on, with new recovery codes. */
    async confirmTotp(id: string, code: string, address: AddressKey): Promise<readonly string[]> {
      const { totpPending: sealed } = await mine(id)
      const text = sealed && unseal([await sealingKey(database)], `totp ${id}`, sealed)
      if (sealed === null || !text) throw new AdminRefusal('not_begun')
      await throttles
        .login(secondFactorKey(id), address, async () => {
          const secret = Buffer.from(text, 'base64')
          const step = stepOf(secret, code, clock.wall(), limits.totpStepMs, limits.totpSteps)
          if (step === undefined) throw new Refusal('invalid_credentials')
          await factors.takeStep(database, id, step)
        })
        .catch((error: unknown) => {
          if (error instanceof Refusal && error.code === 'invalid_credentials')
            throw new Refusal('invalid_code')
          throw error
        })
      await factors.setTotp(database, id, sealed)
      return renewRecoveryCodes(id)
    },

    async removeTotp(id: string, password: string, address: AddressKey): Promise<void> {
      await confirm(id, password, address)
      await factors.setTotp(database, id, null)
    },

    async renewRecoveryCodes(id: string, password: string, address: AddressKey) {
      await confirm(id, password, address)
      return renewRecoveryCodes(id)
    },

    passkeyCreation: passkeys.creation,

    keepPasskey: (id: string, name: string, response: RegistrationResponseJSON, origin: string) =>
      passkeys.keep(id, name, response, origin),

    async removePasskey(id: string, passkeyId: string, password: string, address: AddressKey): Promise<void> {
      await confirm(id, password, address)
      if (!(await factors.removePasskey(database, id, passkeyId))) throw new Refusal('not_found')
    },
  }
}
