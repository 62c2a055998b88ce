import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Account } from '../people.js'
import { count, seconds, Times } from './figures.js'
import { kernelSockets } from './kernel.js'
import { until } from './processes.js'
import { alone, meanwhile, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'
import { mustBeRoot, run, tool } from './tools.js'

const sizes = {
  quick: { clients: 5, heartbeat: 1, resume: 2 },
  full: { clients: 50, heartbeat: 25, resume: 30 },
}

/** Clients behind a cable that is pulled: no FIN, no reset, only silence. */
export const vanished: Scenario = {
  id: 'F11',
  title: 'vanished clients: their network goes without a FIN',
  run: async size => {
    mustBeRoot()
    const { clients, heartbeat, resume } = sizes[size]
    const env = {
      HOST: '0.0.0.0',
      HEARTBEAT_SECONDS: String(heartbeat),
      RESUME_WINDOW_SECONDS: String(resume),
    }
    // The ping, and ten seconds for the pong; our own look takes a moment.
    const freedWithinMs = (heartbeat + 10) * 1000 + 200
    return onStage({ env }, async stage => {
      const cable = await layCable(stage)
      const away = await stage.crowd(clients)
      const near = await stage.devices(clients)
      const far = await startFar(stage, cable, away)
      for (const [index, device] of near.entries()) {
        device.call(away[index]?.phone_number ?? '')
        await device.until('the answer', frame => frame.REASON === 'callResponse')
      }
      const connected = async () => {
        const sockets = await kernelSockets()
        return sockets.filter(each => each.remoteAddress === cable.farAddress && each.established).length
      }
      must((await connected()) === clients, 'the clients are not behind the cable')
      const since = performance.now()
      await cable.cut()
      const learnt = new Times()
      const learning = meanwhile(
        Promise.all(
          near.map(async device => {
            for (;;) {
              const end = await device
                .until('the end', frame => frame.REASON === 'HangUp')
                .catch(() => undefined)
              if (end) must(end.CAUSE === 'connection_lost', `a call ended with ${String(end.CAUSE)}`)
              if (end) return learnt.add(performance.now() - since)
              must(performance.now() - since < freedWithinMs + resume * 1000 + 5_000, 'a peer was not told')
            }
          }),
        ),
      )
      await until('the sockets freed', async () => (await connected()) === 0, freedWithinMs, 50)
      const freed = performance.now() - since
      await learning
      // Whoever it was is reachable under the same number from elsewhere at once.
      const [account] = away
      const [caller] = near
      if (!account || !caller) throw new Error('no clients')
      const again = await stage.device(account)
      caller.call(again.number)
      await again.until('the call', frame => frame.REASON === 'call')
      far.kill('SIGKILL')
      return [
        `${count(clients)} clients gone without a FIN (heartbeat ${heartbeat} s): all sockets freed after ${seconds(freed, 1)}`,
        `their calls ended with connection_lost and the peers told after ${seconds(learnt.worst, 1)} (resume window ${resume} s)`,
        'callable again at once',
      ].join(', ')
    })
  },
}

interface Cable {
  readonly namespace: string
  readonly nearAddress: string
  readonly farAddress: string
  cut(): Promise<void>
}

/** A network namespace with a pair of interfaces to it. */
async function layCable(stage: Stage): Promise<Cable> {
  const ip = await tool('ip')
  const name = `sb${process.pid % 10_000}`
  const subnet = `10.213.${process.pid % 250}`
  const [near, far] = [`${subnet}.1`, `${subnet}.2`]
  await run(ip, ['netns', 'add', name])
  stage.after(() => run(ip, ['netns', 'delete', name]))
  await run(ip, ['link', 'add', `${name}n`, 'type', 'veth', 'peer', 'name', `${name}f`])
  stage.after(() => run(ip, ['link', 'delete', `${name}n`]).catch(() => {}))
  await run(ip, ['link', 'set', `${name}f`, 'netns', name])
  await run(ip, ['addr', 'add', `${near}/30`, 'dev', `${name}n`])
  await run(ip, ['link', 'set', `${name}n`, 'up'])
  await run(ip, ['-n', name, 'addr', 'add', `${far}/30`, 'dev', `${name}f`])
  await run(ip, ['-n', name, 'link', 'set', `${name}f`, 'up'])
  return {
    namespace: name,
    nearAddress: near,
    farAddress: far,
    // The far end goes down: the server's own interface stays as it is.
    cut: async () => void (await run(ip, ['-n', name, 'link', 'set', `${name}f`, 'down'])),
  }
}

/** The clients on the other side, a process of their own; resolves when all are connected. */
async function startFar(stage: Stage, cable: Cable, accounts: readonly Account[]): Promise<ChildProcess> {
  const ip = await tool('ip')
  const { port } = new URL(stage.product.signal)
  const program = fileURLToPath(new URL('./far-client.js', import.meta.url))
  const far = spawn(
    ip,
    ['netns', 'exec', cable.namespace, process.execPath, program, `ws://${cable.nearAddress}:${port}`],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  stage.after(() => far.kill('SIGKILL'))
  far.stdin.end(JSON.stringify(accounts))
  let said = ''
  far.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await until('the clients behind the cable', () => said.includes('connected'), 15_000)
  return far
}

await alone(import.meta.url, vanished)
