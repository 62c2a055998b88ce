// slowhttptest, and 500 slow sockets of our own: they are cut, and an honest request does not become slow.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, faultsIn, judge, need, person, run, withProduct } from './stage.mjs'

need('slowhttptest')
/** The honest ones come from an address of their own, as they would: limits by address are on. */
const honest = '127.0.0.2'
const attackMs = 30_000

/** Twenty logged-in requests a second for as long as `during` runs; how long each took. */
async function honestWhile(api, token, during) {
  let isOver = false
  const over = during().finally(() => {
    isOver = true
  })
  const took = []
  let failures = 0
  while (!isOver) {
    const since = performance.now()
    const { status } = await ask(api, 'GET', '/get_user', { token, from: honest }).catch(() => ({
      status: 0,
    }))
    if (status === 200) took.push(performance.now() - since)
    else failures += 1
    await sleep(50)
  }
  await over
  took.sort((a, b) => a - b)
  const at = share => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), failures, requests: took.length }
}

const ms = value => `${value.toFixed(1)} ms`

await withProduct({}, async ({ product }) => {
  const { api, signal, pid } = product
  const { token } = await person(api)
  const usual = await honestWhile(api, token, () => sleep(10_000))
  // A machine of two cores that also runs the attacker: below 50 ms nobody calls it slow.
  const most = Math.max(2 * usual.p99, 50)
  const weigh = (what, during, extra = '') =>
    judge(
      what,
      during.p99 <= most && during.failures === 0,
      `honest p99 ${ms(during.p99)}, before ${ms(usual.p99)} (p50 ${ms(during.p50)}, before ${ms(usual.p50)}), ` +
        `${during.requests} requests, ${during.failures} failed${extra}`,
    )

  const common = ['-c', '500', '-r', '200', '-l', String(attackMs / 1000), '-p', '3']
  const attacks = [
    ['slow headers', ['-H', '-i', '5', '-x', '24', '-t', 'GET', '-u', `${api}/get_user`]],
    [
      'slow body',
      ['-B', '-i', '5', '-s', '8192', '-f', 'application/json', '-t', 'POST', '-u', `${api}/login`],
    ],
    ['slow read', ['-X', '-w', '1', '-y', '8', '-n', '5', '-z', '4', '-k', '3', '-u', `${api}/openapi.json`]],
  ]
  for (const [name, args] of attacks) {
    const during = await honestWhile(api, token, () =>
      run('slowhttptest', [...common, ...args], { withinMs: attackMs + 30_000 }),
    )
    weigh(`slowhttptest, ${name}`, during)
  }

  for (const [port, url] of [
    ['REST', api],
    ['signaling', signal],
  ]) {
    let longest = 0
    const during = await honestWhile(api, token, async () => {
      const sockets = await Promise.all(
        Array.from({ length: 500 }, (_, i) => trickle(new URL(url).port, i % 2 === 0)),
      )
      longest = Math.max(...sockets)
    })
    const extra = `; 500 sockets closed within ${(longest / 1000).toFixed(1)} s`
    weigh(`slowloris on the ${port} port`, during, extra)
    judge(
      `slowloris on the ${port} port is cut`,
      longest <= 20_000,
      `${(longest / 1000).toFixed(1)} s, 20 s allowed`,
    )
  }
  judge(
    'the process',
    product.pid === pid && faultsIn(product).length === 0,
    `the same, ${faultsIn(product).length} faults logged`,
  )
})

/** A request that never ends, a byte a second, and does not hang up by itself; how long the server let it. */
async function trickle(port, hasBody) {
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const since = performance.now()
  socket.write(
    hasBody
      ? 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{'
      : 'GET / HTTP/1.1\r\nhost: x\r\na: ',
  )
  const timer = setInterval(() => socket.write('x'), 1_000)
  socket.resume()
  await once(socket, 'end', { signal: AbortSignal.timeout(60_000) }).catch(() => undefined)
  clearInterval(timer)
  socket.destroy()
  return performance.now() - since
}
