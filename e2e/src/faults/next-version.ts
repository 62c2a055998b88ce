import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../product.js'

/** The product with one migration more, as the next version of it will be. */
export interface NextVersion {
  /** Its `main.js`. */
  readonly main: string
  /** How many migrations it knows. */
  readonly migrations: number
  remove(): Promise<void>
}

/** What a version may do to the schema while the one before still runs: add, with a default, and an index. */
const migration = `alter table users add column pronouns text not null default '';
alter table calls add column quality smallint;
create index calls_quality on calls (quality) where quality is not null;
`

export async function makeNextVersion(): Promise<NextVersion> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-next-'))
  const [from, to] = [join(root, 'packages', 'server'), join(dir, 'packages', 'server')]
  await mkdir(to, { recursive: true })
  for (const part of ['dist', 'migrations', 'templates', 'package.json']) {
    await cp(join(from, part), join(to, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'))
  const files = await readdir(join(to, 'migrations'))
  const migrations = files.filter(name => name.endsWith('.sql')).length + 1
  const name = `${String(migrations).padStart(4, '0')}_next_version.sql`
  await writeFile(join(to, 'migrations', name), migration)
  return {
    main: join(to, 'dist', 'main.js'),
    migrations,
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
