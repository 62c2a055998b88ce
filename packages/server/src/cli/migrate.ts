import { loadConfig } from '../config.js'
import { createLogger } from '../log.js'
import { openStorage } from '../storage/open.js'
import type { World } from './world.js'

/** Applies what is missing, and says what that was. */
export async function migrate({ env, readFile, terminal }: World): Promise<void> {
  const { databaseUrl, dataDir } = loadConfig(env, readFile)
  const storage = await openStorage({
    databaseUrl,
    dataDir,
    log: createLogger('silent'),
    exclusive: false,
    runMigrations: true,
  })
  await storage.close()
  for (const migration of storage.migrated) terminal.out(`applied ${migration}`)
  if (storage.migrated.length === 0) terminal.out('the database schema is up to date')
}
