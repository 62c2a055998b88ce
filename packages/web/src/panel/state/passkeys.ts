import { ApiError } from './api.js'

/** The newer half of WebAuthn, which reads and writes JSON itself. */
interface Credentials {
  readonly parseRequestOptionsFromJSON?: (json: object) => PublicKeyCredentialRequestOptions
  readonly parseCreationOptionsFromJSON?: (json: object) => PublicKeyCredentialCreationOptions
}
const kind = (globalThis as { PublicKeyCredential?: Credentials }).PublicKeyCredential

/** Passkeys belong to a name, which an address is not. */
const isAddress = /^\[|^[\d.]+$/.test(location.hostname)

/** Older browsers sign in by the other factors. */
export const canUsePasskeys =
  typeof kind?.parseRequestOptionsFromJSON === 'function' &&
  typeof kind.parseCreationOptionsFromJSON === 'function' &&
  !isAddress

/** What the authenticator answered; somebody may have thought better of it. */
async function answer(asked: Promise<Credential | null>): Promise<object> {
  const credential = await asked.catch(() => null)
  if (!credential) throw new ApiError('passkey_cancelled')
  return (credential as unknown as { toJSON(): object }).toJSON()
}

export function proveByPasskey(options: object): Promise<object> {
  const publicKey = kind?.parseRequestOptionsFromJSON?.(options)
  return answer(navigator.credentials.get(publicKey ? { publicKey } : {}))
}

export function makePasskey(options: object): Promise<object> {
  const publicKey = kind?.parseCreationOptionsFromJSON?.(options)
  return answer(navigator.credentials.create(publicKey ? { publicKey } : {}))
}
