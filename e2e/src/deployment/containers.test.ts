import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { nginx } from '../balanced/nginx.js'
import { root } from '../product.js'
import { type Compose, fileAt, knownVariables, run, type Service, yamlAt } from './read.js'

const composeFiles = ['compose.yaml', 'deploy/compose.single.yaml']
const script = (name: string) => join(root, 'deploy', 'containers', name)

async function workplace() {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-deployment-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

describe('the image', () => {
  it('has a well-formed Dockerfile, a user of its own and a health check', async () => {
    const text = await fileAt('Dockerfile')
    expect(validate(text)).toEqual([])
    expect(validate(text.replace('USER node', 'USRE node'))).not.toEqual([])
    const instructions = DockerfileParser.parse(text).getInstructions()
    const argumentsOf = (keyword: string) =>
      instructions.filter(each => each.getKeyword() === keyword).map(each => each.getArgumentsContent())
    expect(argumentsOf('USER')).toEqual(['node'])
    expect(argumentsOf('EXPOSE')).toEqual(['8080 4000 9090'])
    expect(argumentsOf('HEALTHCHECK')).toHaveLength(1)
    for (const image of argumentsOf('FROM')) expect(image).toMatch(/^node:24\.\d+\.\d+-bookworm-slim\b/)
  })
})

describe('Compose', () => {
  let production: Compose
  let single: Compose
  beforeAll(async () => {
    const [one, other] = await Promise.all(composeFiles.map(file => yamlAt<Compose>(file)))
    if (!one || !other) throw new Error('no files')
    production = one
    single = other
  })
  const servicesOf = () => [...Object.entries(production.services), ...Object.entries(single.services)]

  it('passes dclint', async () => {
    const dclint = join(root, 'node_modules', '.bin', 'dclint')
    const lint = (...files: string[]) =>
      run(process.execPath, [dclint, '-c', script('dclint.yaml'), '--max-warnings', '0', ...files], {
        cwd: root,
      })
    await lint(...composeFiles)
    const broken = join(await workplace(), 'compose.yaml')
    await writeFile(broken, 'services:\n  a:\n    imag: b\n')
    await expect(lint(broken)).rejects.toThrow()
  })

  it('names variables, secrets and files that there are', async () => {
    const known = await knownVariables()
    for (const name of ['node-1', 'node-2']) {
      const { environment = {}, secrets = [] } = production.services[name] as Service
      for (const [variable, value] of Object.entries(environment)) {
        expect(known, variable).toContain(variable)
        if (variable.endsWith('_FILE')) expect(secrets).toContain(value.replace('/run/secrets/', ''))
      }
    }
    const mounted = servicesOf()
      .flatMap(([, { volumes = [] }]) => volumes.map(each => `${each.split(':')[0]}`))
      .filter(each => each.startsWith('.'))
    expect(mounted.length).toBeGreaterThan(8)
    for (const path of mounted) expect(existsSync(join(root, path)), path).toBe(true)
    const used = Object.values(production.services).flatMap(({ secrets = [] }) =>
      secrets.map(each => (typeof each === 'string' ? each : each.source)),
    )
    expect(new Set(used)).toEqual(new Set(Object.keys(production.secrets ?? {})))
  })

  it('hardens every service, and leaves the server time to hand its calls over', () => {
    for (const [name, service] of servicesOf())
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    for (const node of [
      production.services['node-1'],
      production.services['node-2'],
      single.services.switchboard,
    ])
      expect(Number.parseInt(`${node?.stop_grace_period}`, 10)).toBeGreaterThan(30)
    expect(production.services.postgres?.networks).toEqual(['back'])
  })

  it('reads its secrets from what make-secrets.sh makes, which never writes one over', async () => {
    const dir = join(await workplace(), 'secrets')
    await run('sh', [script('make-secrets.sh'), dir])
    const made = await readdir(dir)
    const wanted = Object.values(production.secrets ?? {}).map(({ file }) => file.replace('./secrets/', ''))
    expect(new Set([...made, 'calls.pem', 'calls.key', 'nats_password'])).toEqual(
      new Set([...wanted, 'nats_password']),
    )
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    const url = await readFile(join(dir, 'database_url'), 'utf8')
    expect(url).toContain((await readFile(join(dir, 'postgres_password'), 'utf8')).trim())
    await run('nats-server', ['-t', '-c', join(dir, 'nats_conf')])
    await run('sh', [script('make-secrets.sh'), dir])
    expect(await readFile(join(dir, 'database_url'), 'utf8')).toBe(url)
  })
})

describe('what the containers make of the configuration files', () => {
  it('nginx has every node in every upstream, and takes the file', async () => {
    const dir = await workplace()
    const program = nginx() ?? 'nginx'
    const { stdout } = await run('sh', [script('nginx.sh'), join(root, 'deploy', 'nginx.conf')], {
      env: { ...process.env, NODES: '127.0.0.11 127.0.0.12' },
    })
    expect(stdout.match(/server 127\.0\.0\.1[12]:\d+ /g)).toEqual(
      ['8080', '8080', '4000'].flatMap(port => [`server 127.0.0.11:${port} `, `server 127.0.0.12:${port} `]),
    )
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=calls', '-keyout', join(dir, 'calls.key'), '-out', join(dir, 'calls.pem')],
    ])
    const text = stdout
      .replaceAll('/etc/ssl/', `${dir}/`)
      .replaceAll('/var/log/nginx/', `${dir}/`)
      .replace('/run/nginx.pid', join(dir, 'nginx.pid'))
    await writeFile(join(dir, 'nginx.conf'), text)
    const { stderr } = await run(program, ['-t', '-e', 'stderr', '-p', dir, '-c', join(dir, 'nginx.conf')])
    expect(stderr).toContain('test is successful')
  })

  it('nginx.sh refuses a file whose upstreams it does not know', async () => {
    const other = join(await workplace(), 'nginx.conf')
    await writeFile(other, 'http {}\n')
    const env = { ...process.env, NODES: 'a' }
    await expect(run('sh', [script('nginx.sh'), other], { env })).rejects.toThrow('not where they were')
  })

  it('Prometheus has every node', async () => {
    const dir = await workplace()
    const { stdout } = await run(
      'sh',
      [script('prometheus.sh'), join(root, 'deploy/prometheus/prometheus.yml')],
      {
        env: { ...process.env, TARGETS: 'node-1:9090 node-2:9090' },
      },
    )
    expect(stdout).toContain("targets: ['node-1:9090', 'node-2:9090']")
    await writeFile(join(dir, 'prometheus.yml'), stdout)
    await writeFile(
      join(dir, 'switchboard.rules.yml'),
      await fileAt('deploy/prometheus/switchboard.rules.yml'),
    )
    expect((await run('promtool', ['check', 'config', join(dir, 'prometheus.yml')])).stdout).toContain(
      'SUCCESS',
    )
  })

  it('coturn has the secret, the realm and the address', async () => {
    const secret = join(await workplace(), 'secret')
    await writeFile(secret, 'abc\n')
    await chmod(secret, 0o600)
    const conf = join(root, 'deploy/coturn.conf')
    const { stdout } = await run('sh', [
      script('coturn.sh'),
      conf,
      secret,
      'calls.example.org',
      '198.51.100.7',
    ])
    expect(stdout.startsWith(await fileAt('deploy/coturn.conf'))).toBe(true)
    expect(stdout).toMatch(
      /\nstatic-auth-secret=abc\nrealm=calls\.example\.org\nexternal-ip=198\.51\.100\.7\n$/,
    )
  })
})
