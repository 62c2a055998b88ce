import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { createLogger } from '../log.js'
import { chooseAccount } from './embedded/account.js'
import { listenAddress } from './embedded/address.js'
import { clusterIn, readPassword, superuser } from './embedded/cluster.js'
import { initialise } from './embedded/initialise.js'
import { nativePrograms } from './embedded/native.js'
import { startPostmaster } from './embedded/postmaster.js'
import { readPostmasterFile } from './embedded/postmaster-file.js'
import { stopPostmaster } from './embedded/stop-postmaster.js'
import { migrate } from './migrations.js'

declare module 'vitest' {
  export interface ProvidedContext {
    testPostgres: { host: string; port: number; user: string; password: string; template: string }
  }
}

/** One PostgreSQL for a run of all tests, without fsync, with a migrated database that each test gets a copy of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-test-'))
  await chmod(directory, 0o711)
  const [native, cluster] = await Promise.all([nativePrograms(), clusterIn(directory)])
  const account = await chooseAccount(cluster.root, native)
  const installation = { cluster, native, account }
  await initialise(installation, ['--no-sync'])
  const address = await listenAddress(cluster, account)
  await startPostmaster(installation, address, {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '400',
  })

  const { host, port } = address
  const server = { host, port, user: superuser, password: await readPassword(cluster) }
  const template = `template_${randomUUID().slice(0, 8)}`
  const admin = new Client({ ...server, database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${template}`)
  await admin.end()
  await migrate({ connection: { ...server, database: template }, log: createLogger('silent') })
  project.provide('testPostgres', { ...server, template })

  return async () => {
    const file = await readPostmasterFile(cluster)
    if (file) await stopPostmaster(installation, file.pid)
    await rm(directory, { recursive: true, force: true })
  }
}
