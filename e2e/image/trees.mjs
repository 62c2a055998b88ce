// A container without an engine: a directory tree, namespaces of its own for mounts and processes, chroot.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const quote = text => `'${text.replaceAll("'", "'\\''")}'`

function script({ tree, env, user, cwd, command, readOnly, volume }) {
  const at = path => quote(join(tree, path))
  const variables = Object.entries(env).map(([name, value]) => quote(`${name}=${value}`))
  return [
    'set -e',
    `mount --bind ${quote(tree)} ${quote(tree)}`,
    `mount -t proc proc ${at('proc')}`,
    `mount --rbind /dev ${at('dev')}`,
    ...(readOnly
      ? [
          `mount -t tmpfs -o mode=1777,size=64m tmpfs ${at('tmp')}`,
          `mount --bind ${quote(volume.from)} ${at(volume.to)}`,
          `mount -o remount,ro,bind ${quote(tree)}`,
        ]
      : []),
    `exec chroot --userspec=${user} ${quote(tree)} /usr/bin/env -i -C ${quote(cwd)} ${variables.join(' ')} ${command.map(quote).join(' ')}`,
  ].join('\n')
}

const unshared = options => [
  'unshare',
  ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script(options)],
]

export function runIn(options) {
  const [program, args] = unshared(options)
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Its first process is number 1 of its namespace, as in a container; `pid` is the one that it has outside. */
export function startIn(options) {
  const [program, args] = unshared(options)
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const pid = () =>
    Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0])
  return { child, pid }
}
