// Switchboard under PM2 (npm install -g pm2): pm2 start deploy/ecosystem.config.cjs
//
//   PM2_MODE=one      one process. The default; the only one that runs without NATS and a PostgreSQL of yours.
//   PM2_MODE=cluster  PROCESSES processes share the ports, which PM2 listens on and hands connections out from: one
//                     machine, nothing in front, `pm2 reload` starts each new one before the old one goes.
//   PM2_MODE=ports    PROCESSES processes with ports of their own (8081…, 4001…), for nginx in front: TLS, several
//                     machines, each process reached by itself (deploy/nginx.conf).
//
// Settings stand in .env, not in the environment: PM2 keeps that in ~/.pm2/dump.pm2. docs/operations.md tells more.
const { existsSync, readFileSync } = require('node:fs')
const { availableParallelism } = require('node:os')
const { join } = require('node:path')

const { PM2_MODE: mode = 'one', PROCESSES: processes = String(availableParallelism()) } = process.env
const cwd = process.env.SWITCHBOARD_DIR ?? join(__dirname, '..')

if (!['one', 'cluster', 'ports'].includes(mode))
  throw new Error(`PM2_MODE is ${mode}; it is one, cluster or ports`)
if (!/^[1-9]\d?$/.test(processes)) throw new Error(`PROCESSES is ${processes}; it is a number from 1 to 99`)
const dotEnv = existsSync(join(cwd, '.env')) ? readFileSync(join(cwd, '.env'), 'utf8') : ''
const isSet = name =>
  Boolean(process.env[name]) || new RegExp(`^\\s*(export\\s+)?${name}(_FILE)?\\s*=\\s*\\S`, 'm').test(dotEnv)
if (mode !== 'one' && !(isSet('NATS_URL') && isSet('DATABASE_URL'))) {
  throw new Error(
    `PM2_MODE=${mode} needs NATS_URL and DATABASE_URL: several processes are one system by them alone`,
  )
}

const app = {
  name: 'switchboard',
  cwd,
  script: join(__dirname, '..', 'packages', 'server', 'dist', 'main.js'),
  args: 'serve',
  exec_mode: 'fork',
  instances: 1,
  // "ready" is said when it serves: calls taken up, ports open. A long migration may take longer; PM2 then goes on.
  wait_ready: true,
  listen_timeout: 60_000,
  // Stopping hands calls over and takes up to 30 s; what PM2 kills after this is a crash.
  kill_timeout: 32_000,
  // The embedded PostgreSQL is the server's to stop, after the calls are written.
  treekill: false,
  // 2: the settings are wrong, and trying again does not mend them.
  stop_exit_codes: [2],
  exp_backoff_restart_delay: 100,
  // Our own figures come without PM2's agent, which would wrap every module and time every request.
  pmx: false,
}

const forms = {
  one: () => [app],
  cluster: () => [
    {
      ...app,
      exec_mode: 'cluster',
      instances: Number(processes),
      // On one port a scraper would be answered by a process at random: 9091 and on, one each.
      ...(!isSet('ADMIN_PORT') && { env: { ADMIN_PORT: '9091' }, increment_var: 'ADMIN_PORT' }),
    },
  ],
  ports: () =>
    Array.from({ length: Number(processes) }, (_, index) => ({
      ...app,
      name: `switchboard-${index + 1}`,
      env: {
        HOST: '127.0.0.1',
        API_PORT: String(8081 + index),
        SIGNAL_PORT: String(4001 + index),
        ADMIN_PORT: String(9091 + index),
        TRUST_PROXY: process.env.TRUST_PROXY ?? 'loopback',
      },
    })),
}

module.exports = { apps: forms[mode]() }
