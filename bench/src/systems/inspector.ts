import WebSocket from 'ws'

/** Options of Node for a process whose memory is measured: garbage must be collected first, or it is measured too. */
export const inspectable = ['--inspect=127.0.0.1:0', '--expose-gc']

/** Collects the garbage of a process that printed its inspector's address. */
export async function collector(output: string): Promise<void> {
  const address = output.match(/ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/g)?.at(-1)
  if (address === undefined) return
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const answered = new Promise(resolve => socket.once('message', resolve))
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'gc(), gc()' } }))
  await answered
  socket.terminate()
}
