import type { Role } from '@switchboard/protocol/admin'
import type { Administrator, AdministratorStore } from '../administrators/stores.js'
import type { KeyRing } from '../sessions/keys.js'
import { createLastingSecret } from '../sessions/lasting-secret.js'
import { type Queryable, type Statement, statement } from './database.js'
import { isUniqueViolation } from './errors.js'
import { lastingSecrets } from './lasting-secrets.js'

export interface AdministratorRow {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly password_hash: string | null
  readonly invitation_expires_at: Date | null
  readonly totp_secret: Buffer | null
  readonly totp_pending: Buffer | null
  readonly created_at: Date
  readonly last_sign_in_at: Date | null
  readonly disabled_at: Date | null
  readonly passkeys: number
  readonly recovery_codes: number
}

/** Of a table that is called `a`. */
export const administratorColumns = `a.id, a.name, a.role, a.password_hash, a.invitation_expires_at, a.totp_secret,
  a.totp_pending, a.created_at, a.last_sign_in_at, a.disabled_at,
  (select count(*)::int4 from admin_passkeys p where p.administrator_id = a.id) as passkeys,
  (select count(*)::int4 from admin_recovery_codes r where r.administrator_id = a.id) as recovery_codes`

export const administratorOf = (row: AdministratorRow): Administrator => ({
  id: row.id,
  name: row.name,
  role: row.role,
  passwordHash: row.password_hash,
  invitationExpiresAt: row.invitation_expires_at,
  totpSecret: row.totp_secret,
  totpPending: row.totp_pending,
  createdAt: row.created_at,
  lastSignInAt: row.last_sign_in_at,
  disabledAt: row.disabled_at,
  passkeys: row.passkeys,
  recoveryCodes: row.recovery_codes,
})

const selected = `select ${administratorColumns} from administrators a where a.removed_at is null`
const any = statement<{ id: string }>('administrators.any', 'select id from administrators limit 1')
const add = statement<{ id: string }>(
  'administrators.add',
  `insert into administrators (id, name, name_key, role, password_hash, invitation, invitation_expires_at, created_at)
   select $1::uuid, $2, $3, $4, $5, $6::bytea, $7::timestamptz, $8::timestamptz
   where not $9::boolean or not exists (select 1 from administrators)
   on conflict do nothing
   returning id`,
)
const byId = statement<AdministratorRow>('administrators.by_id', `${selected} and a.id = $1`)
const byName = statement<AdministratorRow>('administrators.by_name', `${selected} and a.name_key = $1`)
const byInvitation = statement<AdministratorRow>(
  'administrators.by_invitation',
  `${selected} and a.invitation = $1 and a.invitation_expires_at > $2 and a.disabled_at is null`,
)
const list = statement<AdministratorRow>('administrators.list', `${selected} order by a.id`)
const lockOwners = statement<{ id: string }>(
  'administrators.lock_owners',
  `select id from administrators
   where role = 'owner' and removed_at is null and disabled_at is null and password_hash is not null
   order by id for update`,
)
const setRole = statement<never>(
  'administrators.set_role',
  'update administrators set role = $2 where id = $1',
)
const setDisabled = statement<never>(
  'administrators.set_disabled',
  'update administrators set disabled_at = $2 where id = $1',
)
const remove = statement<never>(
  'administrators.remove',
  `update administrators
   set removed_at = $2, name_key = null, password_hash = null, invitation = null, totp_secret = null,
     totp_pending = null
   where id = $1`,
)
const setPassword = statement<{ id: string }>(
  'administrators.set_password',
  `update administrators set password_hash = $2, invitation = null, invitation_expires_at = null
   where id = $1 and removed_at is null and password_hash is not distinct from $3::text
   returning id`,
)
const rename = statement<never>(
  'administrators.rename',
  'update administrators set name = $2, name_key = $3 where id = $1',
)
const invite = statement<never>(
  'administrators.invite',
  `update administrators
   set invitation = $2, invitation_expires_at = $3, password_hash = null, totp_secret = null, totp_pending = null
   where id = $1`,
)
const dropPasskeys = statement<never>(
  'administrators.drop_passkeys',
  'delete from admin_passkeys where administrator_id = $1',
)
const dropCodes = statement<never>(
  'administrators.drop_codes',
  'delete from admin_recovery_codes where administrator_id = $1',
)
const signedIn = statement<never>(
  'administrators.signed_in',
  'update administrators set last_sign_in_at = $2 where id = $1',
)

async function one(db: Queryable, query: Statement<AdministratorRow>, ...values: readonly unknown[]) {
  const [row] = await db.query(query, values)
  return row && administratorOf(row)
}

async function dropFactors(tx: Queryable, id: string) {
  await tx.query(dropPasskeys, [id])
  await tx.query(dropCodes, [id])
}

/** The secret of their second factors: it outlasts token keys when it is asked for between two rotations. */
export const administratorsSecret = (secrets: KeyRing['secrets']) =>
  createLastingSecret({ store: lastingSecrets, secrets }, 'administrators')

/** Administrators in PostgreSQL. */
export const administrators: AdministratorStore = {
  isEmpty: async db => (await db.query(any)).length === 0,
  async add(db, it, onlyFirst) {
    const { id, name, nameKey, role, passwordHash, invitation, invitationExpiresAt, createdAt } = it
    const values = [
      id,
      name,
      nameKey,
      role,
      passwordHash,
      invitation,
      invitationExpiresAt,
      createdAt,
      onlyFirst,
    ]
    return (await db.query(add, values)).length === 1
  },
  byId: (db, id) => one(db, byId, id),
  byName: (db, nameKey) => one(db, byName, nameKey),
  byInvitation: (db, digest, now) => one(db, byInvitation, digest, now),
  list: async db => (await db.query(list)).map(administratorOf),
  lockOwners: async tx => (await tx.query(lockOwners)).map(({ id }) => id),
  async setRole(tx, id, role) {
    await tx.query(setRole, [id, role])
  },
  async setDisabled(tx, id, at) {
    await tx.query(setDisabled, [id, at])
  },
  async remove(tx, id, at) {
    await tx.query(remove, [id, at])
    await dropFactors(tx, id)
  },
  async setPassword(tx, id, hash, replaces) {
    return (await tx.query(setPassword, [id, hash, replaces])).length === 1
  },
  async rename(tx, id, name, nameKey) {
    try {
      await tx.query(rename, [id, name, nameKey])
      return true
    } catch (error) {
      if (isUniqueViolation(error, 'administrators_name_key')) return false
      throw error
    }
  },
  async invite(tx, id, digest, expiresAt) {
    await tx.query(invite, [id, digest, expiresAt])
    await dropFactors(tx, id)
  },
  async signedIn(db, id, at) {
    await db.query(signedIn, [id, at])
  },
}
