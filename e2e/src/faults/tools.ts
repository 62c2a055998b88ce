import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { FaultFailed, must } from './scenario.js'

export const run = promisify(execFile)

const packages = {
  ip: { package: 'iproute2', paths: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'] },
  prlimit: { package: 'util-linux', paths: ['/usr/bin/prlimit'] },
  mount: { package: 'mount', paths: ['/usr/bin/mount', '/bin/mount'] },
  faketime: {
    package: 'libfaketime',
    paths: ['x86_64', 'aarch64'].map(arch => `/usr/lib/${arch}-linux-gnu/faketime/libfaketime.so.1`),
  },
} as const

/** Where a tool of Debian's is; installed first when it is not there. A scenario that lacks its tool has failed. */
export async function tool(name: keyof typeof packages): Promise<string> {
  const { package: wanted, paths } = packages[name]
  const find = () => paths.find(existsSync)
  if (!find()) {
    try {
      await run('apt-get', ['update'])
      await run('apt-get', ['install', '-y', '--no-install-recommends', wanted])
    } catch (error) {
      throw new FaultFailed(
        `needs Debian's ${wanted}, which could not be installed: ${(error as Error).message}`,
      )
    }
  }
  const found = find()
  must(found !== undefined, `needs Debian's ${wanted}`)
  return found
}

/** Network namespaces and small disks are root's to make. */
export function mustBeRoot(): void {
  must(process.getuid?.() === 0, 'has to run as root')
}
