import { isIP } from 'node:net'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { limits } from '../limits.js'
import { AdminRefusal } from './admin-refusal.js'
import { createChallenges } from './challenges.js'
import type { IdentityDeps } from './deps.js'
import type { Administrator, Passkey } from './stores.js'

/** Loaded when the first passkey is: it is large, and few servers need it. */
const webauthn = () => import('@simplewebauthn/server')

/** The name that passkeys of this page belong to; browsers make none for an address. */
function relyingParty(origin: string): string {
  const { hostname } = new URL(origin)
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) {
    throw new AdminRefusal(
      'passkey_refused',
      'Passkeys belong to a name: open the panel as localhost, or by its name',
    )
  }
  return hostname
}

/** The challenge in what the browser says that was signed. */
function challengeIn(clientDataJson: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString()) as {
      challenge?: unknown
    }
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    return ''
  }
}

/** What the library throws says what did not fit, which helps nobody but who forges one. */
const verified = async <T extends { readonly verified: boolean }>(work: Promise<T>): Promise<T> => {
  const result = await work.catch(() => undefined)
  if (!result?.verified) throw new AdminRefusal('passkey_refused')
  return result
}

/** Passkeys (WebAuthn): made by an administrator, and asked for when one signs in. */
export function createPasskeys(deps: IdentityDeps) {
  const { database, stores, clock, newId, productName } = deps
  const { factors } = stores
  const challenges = createChallenges(deps)
  const asTransports = ({ credentialId: id, transports }: Passkey) => ({ id, transports: [...transports] })

  return {
    /** What a browser makes one by. */
    async creation({ id, name }: Pick<Administrator, 'id' | 'name'>, origin: string) {
      const rpID = relyingParty(origin)
      const { generateRegistrationOptions } = await webauthn()
      const existing = await factors.passkeys(database, id)
      if (existing.length >= limits.passkeysMost) {
        throw new AdminRefusal(
          'passkey_refused',
          `An administrator has ${limits.passkeysMost} passkeys at most`,
        )
      }
      return generateRegistrationOptions({
        rpName: productName,
        ...{ rpID, userName: name, userDisplayName: name },
        userID: new Uint8Array(Buffer.from(id.replaceAll('-', ''), 'hex')),
        challenge: new Uint8Array(await challenges.make(`make ${id}`)),
        timeout: limits.passkeyMs,
        excludeCredentials: existing.map(asTransports),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      })
    },

    /** Keeps the one that was made; resolves with its id. */
    async keep(administratorId: string, name: string, response: RegistrationResponseJSON, origin: string) {
      const { verifyRegistrationResponse } = await webauthn()
      const { registrationInfo } = await verified(
        verifyRegistrationResponse({
          response,
          expectedChallenge: written => challenges.isOurs(`make ${administratorId}`, written),
          expectedOrigin: origin,
          expectedRPID: relyingParty(origin),
          requireUserVerification: false,
        }),
      )
      if (!(registrationInfo && (await challenges.take(challengeIn(response.response.clientDataJSON))))) {
        throw new AdminRefusal('passkey_refused')
      }
      const { id: credentialId, publicKey, counter, transports = [] } = registrationInfo.credential
      const passkey = {
        ...{ id: newId(), administratorId, credentialId, counter, name },
        ...{
          publicKey: Buffer.from(publicKey),
          transports,
          createdAt: new Date(clock.wall()),
          lastUsedAt: null,
        },
      }
      if (!(await factors.addPasskey(database, passkey))) throw new AdminRefusal('passkey_refused')
      return passkey.id
    },

    /** What a browser asks for one by; of whoever gave a password already, or of anybody. */
    async request(administratorId: string | undefined, origin: string) {
      const rpID = relyingParty(origin)
      const { generateAuthenticationOptions } = await webauthn()
      const known = administratorId === undefined ? [] : await factors.passkeys(database, administratorId)
      return generateAuthenticationOptions({
        rpID,
        challenge: new Uint8Array(await challenges.make(purposeOf(administratorId))),
        timeout: limits.passkeyMs,
        allowCredentials: known.map(asTransports),
        userVerification: administratorId === undefined ? 'required' : 'preferred',
      })
    },

    /** Whose it is. Without a password before it, the key has to ask for a PIN or a finger: that makes two factors. */
    async prove(administratorId: string | undefined, response: AuthenticationResponseJSON, origin: string) {
      const { verifyAuthenticationResponse } = await webauthn()
      const passkey = await factors.passkeyOf(database, response.id)
      if (!passkey || (administratorId !== undefined && passkey.administratorId !== administratorId)) {
        throw new AdminRefusal('passkey_refused')
      }
      const { credentialId: id, publicKey, counter } = passkey
      const { authenticationInfo } = await verified(
        verifyAuthenticationResponse({
          response,
          expectedChallenge: written => challenges.isOurs(purposeOf(administratorId), written),
          expectedOrigin: origin,
          expectedRPID: relyingParty(origin),
          requireUserVerification: administratorId === undefined,
          credential: { id, publicKey: new Uint8Array(publicKey), counter },
        }),
      )
      if (!(await challenges.take(challengeIn(response.response.clientDataJSON)))) {
        throw new AdminRefusal('passkey_refused')
      }
      await factors.usedPasskey(database, passkey.id, authenticationInfo.newCounter, new Date(clock.wall()))
      return passkey.administratorId
    },
  }
}

const purposeOf = (administratorId: string | undefined) => `sign in ${administratorId ?? 'anybody'}`
