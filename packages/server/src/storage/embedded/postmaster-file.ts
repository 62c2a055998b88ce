import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running PostgreSQL says of itself in `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number
  /** Where it listens: the directory of its socket, or a loopback address. */
  readonly host: string
  readonly port: number
  readonly ready: boolean
  readonly text: string
}

/** Undefined when there is none, or when it is of another directory: copied along with the data. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const [pid = '', directory, , port = '', socketDirectory = '', address = '', , status = ''] = text
    .split('\n')
    .map(line => line.trim())
  if (directory !== undefined && directory !== data.replaceAll('\\', '/') && directory !== data)
    return undefined
  return {
    pid: Number(pid),
    host: socketDirectory || address,
    port: Number(port),
    ready: status === 'ready',
    text,
  }
}

/** Whether the process is a PostgreSQL on this data; a number may be another program's by now. */
export async function isPostmaster(pid: number, data: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  // Also empty for a dead process that nobody has waited for.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0').includes(data)
}
