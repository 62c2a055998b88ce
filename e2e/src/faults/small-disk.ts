import { mkdtemp, rm, rmdir, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustBeRoot, run, tool } from './tools.js'

/** A disk of a few MiB, in memory. */
export interface SmallDisk {
  readonly dir: string
  /** Fills it up but for so many KiB. */
  fill(leaving?: number): Promise<void>
  free(): Promise<void>
  remove(): Promise<void>
}

export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  mustBeRoot()
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-disk-'))
  const mount = await tool('mount')
  await run(mount, ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'tmpfs', dir])
  const ballast = join(dir, 'ballast')
  return {
    dir,
    async fill(leaving = 0) {
      const { bavail, bsize } = await statfs(dir)
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaving * 1024)), {
        flag: 'a',
      }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error
      })
    },
    free: () => rm(ballast, { force: true }),
    async remove() {
      await run('umount', ['-l', dir])
      await rmdir(dir)
    },
  }
}
