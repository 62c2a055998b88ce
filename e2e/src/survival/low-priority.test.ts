import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { person } from '../people.js'
import { startProduct } from '../product.js'
import { request } from '../rest-client.js'

/** Of every thread of a process, by the 19th field of its line (proc(5)). */
const nicenesses = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).map(thread =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]),
  )

test.runIf(process.platform === 'linux')(
  'a server that is to give way to everything else registers people, and none of its threads has more than it',
  async () => {
    const product = await startProduct({ through: ['nice', '-n', '19'] })
    try {
      const { status } = await request(product.api, 'POST', '/create_user', { body: { ...person() } })
      expect(status).toBe(201)
      const [own = 0, ...others] = nicenesses(product.pid)
      expect(own).toBeGreaterThanOrEqual(15)
      expect(Math.min(...others)).toBe(own)
      await product.stop()
    } finally {
      await product.dispose()
    }
  },
)
