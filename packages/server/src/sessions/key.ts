import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, verify } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'

/** One key signs with one algorithm, and verifies that one alone (RFC 8725 section 3.1). */
export type KeyAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

export interface TokenKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string
  readonly alg: KeyAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Whether this key signed that (RFC 7518 section 3, RFC 8037 section 3.1). */
  verifies(signed: Buffer, signature: Buffer): boolean
  /** The public key as the JWKS shows it. */
  readonly jwk: JWK
  /** Another secret, for another purpose, that only the holder of the key can make (RFC 5869). */
  secret(purpose: string): Buffer
}

const rsaBitsMin = 2_048

function algorithmOf(key: KeyObject): KeyAlgorithm {
  const details = key.asymmetricKeyDetails
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((details?.modulusLength ?? 0) < rsaBitsMin) {
        throw new Error(`is an RSA key of ${details?.modulusLength} bits; ${rsaBitsMin} are the least`)
      }
      return 'RS256'
    case 'ec':
      if (details?.namedCurve !== 'prime256v1') {
        throw new Error(`is on the curve ${details?.namedCurve}; of EC keys only P-256 will do`)
      }
      return 'ES256'
    case 'ed25519':
      return 'EdDSA'
    default:
      throw new Error(`is of kind ${key.asymmetricKeyType}; RSA, EC P-256 and Ed25519 keys will do`)
  }
}

function parsePrivate(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Error('is not a PEM private key without a passphrase, such as `openssl genrsa` makes')
  }
}

function verifier(alg: KeyAlgorithm, key: KeyObject): TokenKey['verifies'] {
  if (alg === 'EdDSA') return (signed, signature) => verify(null, signed, key, signature)
  // RSA knows no `dsaEncoding`; of ES256 the two numbers stand side by side.
  const how = { key, dsaEncoding: 'ieee-p1363' } as const
  return (signed, signature) => verify('sha256', signed, how, signature)
}

/** Reads a PEM private key, PKCS#8, PKCS#1 or SEC 1. Throws the rest of a sentence that begins with the file's name. */
export async function parseKey(pem: string): Promise<TokenKey> {
  const privateKey = parsePrivate(pem)
  const alg = algorithmOf(privateKey)
  const publicKey = createPublicKey(privateKey)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' })
  return {
    kid,
    alg,
    privateKey,
    publicKey,
    verifies: verifier(alg, publicKey),
    jwk: { ...jwk, use: 'sig', alg, kid },
    secret: purpose => Buffer.from(hkdfSync('sha256', seed, '', `switchboard ${purpose}`, 32)),
  }
}
