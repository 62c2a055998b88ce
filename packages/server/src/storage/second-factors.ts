import type { Passkey, SecondFactorStore } from '../administrators/stores.js'
import { statement } from './database.js'

interface PasskeyRow {
  readonly id: string
  readonly administrator_id: string
  readonly credential_id: string
  readonly public_key: Buffer
  readonly counter: string
  readonly transports: readonly string[]
  readonly name: string
  readonly created_at: Date
  readonly last_used_at: Date | null
}

const columns =
  'id, administrator_id, credential_id, public_key, counter::text, transports, name, created_at, last_used_at'

const setPendingTotp = statement<never>(
  'second_factors.set_pending_totp',
  'update administrators set totp_pending = $2 where id = $1',
)
const setTotp = statement<never>(
  'second_factors.set_totp',
  'update administrators set totp_secret = $2, totp_pending = null where id = $1',
)
const takeStep = statement<{ id: string }>(
  'second_factors.take_step',
  'update administrators set totp_step = $2 where id = $1 and totp_step < $2 returning id',
)
const dropCodes = statement<never>(
  'second_factors.drop_codes',
  'delete from admin_recovery_codes where administrator_id = $1',
)
const addCodes = statement<never>(
  'second_factors.add_codes',
  'insert into admin_recovery_codes (administrator_id, code_hash) select $1::uuid, unnest($2::bytea[])',
)
const takeCode = statement<{ administrator_id: string }>(
  'second_factors.take_code',
  'delete from admin_recovery_codes where administrator_id = $1 and code_hash = $2 returning administrator_id',
)
const addPasskey = statement<{ id: string }>(
  'second_factors.add_passkey',
  `insert into admin_passkeys (id, administrator_id, credential_id, public_key, counter, transports, name, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
)
const passkeys = statement<PasskeyRow>(
  'second_factors.passkeys',
  `select ${columns} from admin_passkeys where administrator_id = $1 order by id`,
)
const passkeyOf = statement<PasskeyRow>(
  'second_factors.passkey_of',
  `select ${columns} from admin_passkeys where credential_id = $1`,
)
const usedPasskey = statement<never>(
  'second_factors.used_passkey',
  'update admin_passkeys set counter = $2, last_used_at = $3 where id = $1',
)
const removePasskey = statement<{ id: string }>(
  'second_factors.remove_passkey',
  'delete from admin_passkeys where administrator_id = $1 and id = $2 returning id',
)
const pruneChallenges = statement<never>(
  'second_factors.prune_challenges',
  'delete from admin_challenges where expires_at < $1',
)
const takeChallenge = statement<{ expires_at: Date }>(
  'second_factors.take_challenge',
  'insert into admin_challenges (challenge_hash, expires_at) values ($1, $2) on conflict do nothing returning expires_at',
)

const passkey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  administratorId: row.administrator_id,
  credentialId: row.credential_id,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})

/** Second factors of administrators in PostgreSQL. */
export const secondFactors: SecondFactorStore = {
  async setTotp(tx, id, sealed) {
    await tx.query(setTotp, [id, sealed])
  },
  async setPendingTotp(db, id, sealed) {
    await db.query(setPendingTotp, [id, sealed])
  },
  takeStep: async (db, id, step) => (await db.query(takeStep, [id, step])).length === 1,
  async setRecoveryCodes(tx, id, hashes) {
    await tx.query(dropCodes, [id])
    await tx.query(addCodes, [id, hashes])
  },
  takeRecoveryCode: async (db, id, hash) => (await db.query(takeCode, [id, hash])).length === 1,
  async addPasskey(db, it) {
    const { id, administratorId, credentialId, publicKey, counter, transports, name, createdAt } = it
    const values = [id, administratorId, credentialId, publicKey, counter, transports, name, createdAt]
    return (await db.query(addPasskey, values)).length === 1
  },
  passkeys: async (db, administratorId) => (await db.query(passkeys, [administratorId])).map(passkey),
  async passkeyOf(db, credentialId) {
    const [row] = await db.query(passkeyOf, [credentialId])
    return row && passkey(row)
  },
  async usedPasskey(db, id, counter, at) {
    await db.query(usedPasskey, [id, counter, at])
  },
  removePasskey: async (tx, administratorId, id) =>
    (await tx.query(removePasskey, [administratorId, id])).length === 1,
  async takeChallenge(db, hash, expiresAt, now) {
    await db.query(pruneChallenges, [now])
    return (await db.query(takeChallenge, [hash, expiresAt])).length === 1
  },
}
