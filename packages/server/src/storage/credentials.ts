import type { UserId } from '@switchboard/protocol'
import type { Account, Credentials } from '../sessions/stores.js'
import { type Queryable, type Statement, statement } from './database.js'

interface AccountRow {
  readonly id: string
  readonly email: string
  readonly phone_number: string
  readonly firstname: string
  readonly lastname: string
  readonly password_hash: string
}

const byEmail = statement<AccountRow>(
  'credentials.by_email',
  `select id, email, phone_number, firstname, lastname, password_hash
   from users where email_key = $1 and disabled_at is null`,
)
const byUser = statement<AccountRow>(
  'credentials.by_user',
  `select id, email, phone_number, firstname, lastname, password_hash
   from users where id = $1 and disabled_at is null`,
)
const replaceHash = statement<{ id: string }>(
  'credentials.replace_hash',
  `update users set password_hash = $2
   where id = $1 and disabled_at is null and ($3::text is null or password_hash = $3) returning id`,
)
const setDisabled = statement<{ id: string }>(
  'credentials.set_disabled',
  `update users set disabled_at = $2
   where id = $1 and (disabled_at is null) = ($2::timestamptz is not null) returning id`,
)

async function account(
  db: Queryable,
  query: Statement<AccountRow>,
  value: string,
): Promise<Account | undefined> {
  const [row] = await db.query(query, [value])
  return (
    row && {
      userId: row.id as UserId,
      email: row.email,
      phoneNumber: row.phone_number,
      firstname: row.firstname,
      lastname: row.lastname,
      passwordHash: row.password_hash,
    }
  )
}

/** Passwords and whose they are, in the table of users. */
export const credentials: Credentials = {
  byEmail: (db, emailKey) => account(db, byEmail, emailKey),
  byUser: (db, userId) => account(db, byUser, userId),
  async replaceHash(tx, userId, hash, replaces) {
    const rows = await tx.query(replaceHash, [userId, hash, replaces ?? null])
    return rows.length === 1
  },
  async setDisabled(tx, userId, at) {
    const rows = await tx.query(setDisabled, [userId, at])
    return rows.length === 1
  },
}
