import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface EmbeddedDatabase {
  readonly pid: number
  readonly url: string
}

/** The PostgreSQL that a server of this directory started, by the files it left there. */
export async function embeddedIn(dataDir: string): Promise<EmbeddedDatabase> {
  const root = join(dataDir, 'postgres')
  const [pid, , , port, host] = (await readFile(join(root, 'data', 'postmaster.pid'), 'utf8')).split('\n')
  const url = new URL('postgresql://localhost/switchboard')
  url.username = 'switchboard'
  url.password = (await readFile(join(root, 'password'), 'utf8')).trim()
  url.searchParams.set('host', host ?? '')
  url.searchParams.set('port', port ?? '')
  return { pid: Number(pid), url: url.href }
}
