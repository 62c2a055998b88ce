import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { limits } from '../../limits.js'
import { embeddedStatus } from '../../storage/embedded/status.js'
import { size } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'

/** Where the embedded PostgreSQL lives. */
export async function dataDirectory(dataDir: string): Promise<Finding[]> {
  const place = await nearestExisting(resolve(dataDir))
  if (!(await stat(place)).isDirectory())
    return [failure(`${place} is no directory`, 'remove the file, or set another DATA_DIR')]
  try {
    await access(place, constants.W_OK)
  } catch {
    return [failure(`${place} cannot be written to`, `let this user write there, or set another DATA_DIR`)]
  }
  return [await state(dataDir), ...(await freeSpace(place))]
}

async function state(dataDir: string): Promise<Finding> {
  const { initialised, pid, bytes } = await embeddedStatus(dataDir)
  if (!initialised) return ok(`${dataDir}: nothing there yet, the first start makes the database`)
  return ok(`${dataDir}: ${size(bytes)}, PostgreSQL ${pid === undefined ? 'does not run' : `runs (${pid})`}`)
}

async function freeSpace(place: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const advice = 'make room, or move DATA_DIR: a full disk stops the database'
  if (free < limits.diskFreeLeast) return [failure(`only ${size(free)} free on its disk`, advice)]
  if (free < limits.diskFreeLow) return [warning(`only ${size(free)} free on its disk`, advice)]
  return [ok(`${size(free)} free on its disk`)]
}

/** The directory itself, or the one in which it would be made. */
async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    return nearestExisting(dirname(path))
  }
}
