import { connectionsWithin } from '../../http/connection-cap.js'
import { type Finding, failure, ok, warning } from './check.js'

/** The Node that runs us. */
export function nodeVersion(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    return [failure(`Node ${version} is too old`, 'install Node 24, or 20.19 at least: https://nodejs.org')]
  if (major < 22)
    return [warning(`Node ${version}: it works, but gets no security fixes any more`, 'install Node 24')]
  return [ok(`Node ${version}`)]
}

/** Files that the process may open; every socket is one. */
export function openFiles(soft: number | string | undefined): Finding[] {
  if (soft === 'unlimited') return [ok('open files: unlimited')]
  if (typeof soft !== 'number') return [ok('open files: no limit known on this system')]
  const { sockets } = connectionsWithin(soft)
  if (soft < 4_096)
    return [
      warning(
        `open files: ${soft}, enough for ${sockets} sockets`,
        'raise it where more people connect: ulimit -n 65536, or LimitNOFILE=65536 in systemd',
      ),
    ]
  return [ok(`open files: ${soft}, enough for ${sockets} sockets`)]
}
