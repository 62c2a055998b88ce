// slowhttptest, and 500 slow sockets of our own: they are cut, and an honest request does not become slow.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ask, faultsIn, judge, need, person, run, withProduct } from './stage.mjs'

need('slowhttptest')
const slowlorisFile = fileURLToPath(new URL('slowloris.mjs', import.meta.url))
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
  // Twice what is usual; but what is under 100 ms nobody calls slow, and a busy machine gives as much by itself.
  const most = Math.max(2 * usual.p99, 100)
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
      longest = await slowloris(new URL(url).port)
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

/** In a process of its own: 500 sockets of one process must not slow down the honest client of the same. */
async function slowloris(port) {
  const { output } = await run(process.execPath, [slowlorisFile, port], { withinMs: 90_000 })
  return Number(output)
}
