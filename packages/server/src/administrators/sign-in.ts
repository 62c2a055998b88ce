import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { SignInView } from '@switchboard/protocol/admin'
import { limits } from '../limits.js'
import { unseal } from '../mail/sealing.js'
import { Refusal } from '../refusal.js'
import type { AddressKey } from '../throttles/addresses.js'
import { AdminRefusal } from './admin-refusal.js'
import { type createAdminSessions, methodsOf } from './admin-sessions.js'
import type { IdentityDeps } from './deps.js'
import { nameKey, secondFactorKey, signInKey } from './names.js'
import type { createPasskeys } from './passkeys.js'
import type { createAdminPasswords } from './passwords.js'
import { recoveryCodeHash } from './recovery-codes.js'
import type { Administrator } from './stores.js'
import { stepOf } from './totp.js'

/** A step done: the session's new token, and what comes next. */
export interface SignedIn {
  readonly token: string
  readonly administratorId: string
  readonly view: SignInView
}

/** A half session: a right password was given. */
export interface HalfWay {
  readonly administratorId: string
  readonly token: string
}

export interface SignInParts {
  readonly passwords: ReturnType<typeof createAdminPasswords>
  readonly sessions: ReturnType<typeof createAdminSessions>
  readonly passkeys: ReturnType<typeof createPasskeys>
}

/** The ways into the panel. Guesses are slowed down by name and by address; every step has a token of its own. */
export function createSignIn(deps: IdentityDeps, { passwords, sessions, passkeys }: SignInParts) {
  const { database, stores, throttles, clock, sealingKey } = deps
  const { administrators, factors } = stores

  async function done(administratorId: string, half: string | undefined): Promise<SignedIn> {
    if (half !== undefined) await sessions.end(half)
    const token = await sessions.begin(administratorId, false)
    await administrators.signedIn(database, administratorId, new Date(clock.wall()))
    return { token, administratorId, view: { next: 'done', methods: [] } }
  }

  /** Guesses of six digits are counted as those of passwords are: by administrator and by address. */
  async function byCode(
    { administratorId, token }: HalfWay,
    address: AddressKey,
    isRight: () => Promise<boolean>,
  ) {
    await throttles.login(secondFactorKey(administratorId), address, async () => {
      if (!(await isRight()))
        throw new Refusal('invalid_credentials', 'The code is not right, or was used before')
    })
    return done(administratorId, token)
  }

  return {
    done,

    /** `onKnown` hears whose name it is, whatever comes of it: for the audit log. */
    async byPassword(name: string, password: string, address: AddressKey, onKnown: (id: string) => void) {
      const administrator = await throttles.login(signInKey(name), address, async () => {
        const known = await administrators.byName(database, nameKey(name))
        if (known) onKnown(known.id)
        return passwords.prove(known, password)
      })
      const methods = methodsOf(administrator)
      if (methods.length === 0) return done(administrator.id, undefined)
      const token = await sessions.begin(administrator.id, true)
      return { token, administratorId: administrator.id, view: { next: 'second_factor', methods } } as const
    },

    byTotp: (half: HalfWay, code: string, address: AddressKey) =>
      byCode(half, address, async () => {
        const administrator = await administrators.byId(database, half.administratorId)
        const secret = await totpSecret(administrator, administrator?.totpSecret ?? null)
        const step = secret && stepOf(secret, code, clock.wall(), limits.totpStepMs, limits.totpSteps)
        return step !== undefined && factors.takeStep(database, half.administratorId, step)
      }),

    byRecoveryCode: (half: HalfWay, code: string, address: AddressKey) =>
      byCode(half, address, async () => {
        const key = await sealingKey(database)
        const hash = recoveryCodeHash(key, half.administratorId, code)
        return factors.takeRecoveryCode(database, half.administratorId, hash)
      }),

    passkeyRequest: (half: HalfWay | undefined, origin: string) =>
      passkeys.request(half?.administratorId, origin),

    async byPasskey(half: HalfWay | undefined, response: AuthenticationResponseJSON, origin: string) {
      const id = await passkeys.prove(half?.administratorId, response, origin)
      const administrator = await administrators.byId(database, id)
      if (administrator?.disabledAt !== null) throw new AdminRefusal('passkey_refused')
      return done(id, half?.token)
    },
  }

  async function totpSecret(administrator: Administrator | undefined, sealed: Buffer | null) {
    if (!administrator || sealed === null) return undefined
    const text = unseal([await sealingKey(database)], `totp ${administrator.id}`, sealed)
    return text === undefined ? undefined : Buffer.from(text, 'base64')
  }
}
