import type { Client } from 'pg'

/** Advisory locks of the embedded database; sessions hold them, so the dead hold none. */
export const keys = {
  /** Held by the one server that owns the directory. */
  owner: 7_236_114_002,
  /** Shared by everybody else who is connected, like the command line. */
  visitors: 7_236_114_003,
}

export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse'

  constructor(dataDir: string) {
    super(`another Switchboard server is running on ${dataDir}: stop it, or set another DATA_DIR`)
  }
}

/** False: another server owns it at the moment. */
export const tryOwn = (session: Client) => tryLock(session, 'pg_try_advisory_lock', keys.owner)

export async function visit(session: Client): Promise<void> {
  await session.query('select pg_advisory_lock_shared($1)', [keys.visitors])
}

/** Whether a visitor was the last one here: no server, and no other visitor. It keeps others out from then on. */
export async function isLast(session: Client): Promise<boolean> {
  return (await tryOwn(session)) && (await tryLock(session, 'pg_try_advisory_lock', keys.visitors))
}

async function tryLock(session: Client, lock: string, key: number): Promise<boolean> {
  const { rows } = await session.query(`select ${lock}($1) as locked`, [key])
  return rows[0]?.locked === true
}
