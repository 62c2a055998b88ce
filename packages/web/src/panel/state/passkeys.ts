/** The newer half of WebAuthn, which reads and writes JSON itself. */
interface Credentials {
  readonly parseRequestOptionsFromJSON?: (json: object) => PublicKeyCredentialRequestOptions
  readonly parseCreationOptionsFromJSON?: (json: object) => PublicKeyCredentialCreationOptions
}
const kind = (globalThis as { PublicKeyCredential?: Credentials }).PublicKeyCredential

/** Older browsers sign in by the other factors. */
export const canUsePasskeys =
  typeof kind?.parseRequestOptionsFromJSON === 'function' &&
  typeof kind.parseCreationOptionsFromJSON === 'function'

const asJson = (credential: Credential | null) => (credential as unknown as { toJSON(): object }).toJSON()

export async function proveByPasskey(options: object): Promise<object> {
  const publicKey = kind?.parseRequestOptionsFromJSON?.(options)
  return asJson(await navigator.credentials.get(publicKey ? { publicKey } : {}))
}

export async function makePasskey(options: object): Promise<object> {
  const publicKey = kind?.parseCreationOptionsFromJSON?.(options)
  return asJson(await navigator.credentials.create(publicKey ? { publicKey } : {}))
}
