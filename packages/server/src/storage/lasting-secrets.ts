import type { LastingSecretStore, SealedSecret } from '../sessions/lasting-secret.js'
import { statement } from './database.js'

const read = statement<SealedSecret>(
  'lasting_secrets.read',
  'select key_id as "keyId", sealed from lasting_secrets where purpose = $1',
)
const add = statement<never>(
  'lasting_secrets.add',
  'insert into lasting_secrets (purpose, key_id, sealed) values ($1, $2, $3) on conflict do nothing',
)
const retire = statement<never>(
  'lasting_secrets.retire',
  'delete from lasting_secrets where purpose = $1 and not (key_id = any($2::bytea[]))',
)

/** Sealed secrets in PostgreSQL. */
export const lastingSecrets: LastingSecretStore = {
  read: (db, purpose) => db.query(read, [purpose]),
  async add(db, purpose, { keyId, sealed }, living) {
    await db.query(add, [purpose, keyId, sealed])
    await db.query(retire, [purpose, living])
  },
}
