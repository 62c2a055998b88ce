// 500 slow sockets against a port, 200 a second; prints after how many milliseconds the last of them was closed.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const port = Number(process.argv[2])
const lives = []
for (let i = 0; i < 500; i++) {
  lives.push(trickle(i % 2 === 0))
  await sleep(5)
}
process.stdout.write(String(Math.max(...(await Promise.all(lives)))))

/** A request that never ends, a byte a second, and does not hang up by itself; how long the server let it. */
async function trickle(hasBody) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
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
