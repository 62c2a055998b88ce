import { BadBackup, endOfRows } from './format.js'

/** A backup as it is read: by lines, and where rows stand by as many as came at once. */
export interface Script {
  /** Undefined at the end. */
  line(): Promise<string | undefined>
  /** The rows up to their end, in blocks of whole lines. */
  rows(): AsyncGenerator<Buffer>
}

const newline = 0x0a
const end = Buffer.from(`${endOfRows}\n`)
const endAfterRow = Buffer.from(`\n${endOfRows}\n`)

export function readScript(chunks: AsyncIterable<Buffer>): Script {
  const source = chunks[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const { value, done } = await source.next()
    if (done) return false
    held = held.length === 0 ? value : Buffer.concat([held, value])
    return true
  }

  function take(length: number): Buffer {
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }

  return {
    async line() {
      for (;;) {
        const at = held.indexOf(newline)
        if (at >= 0) return take(at + 1).toString('utf8', 0, at)
        if (!(await more())) return undefined
      }
    },
    async *rows() {
      for (;;) {
        const whole = held.subarray(0, held.lastIndexOf(newline) + 1)
        if (whole.subarray(0, end.length).equals(end)) {
          take(end.length)
          return
        }
        const at = whole.indexOf(endAfterRow)
        if (at >= 0) yield take(at + 1)
        else if (whole.length > 0) yield take(whole.length)
        else if (!(await more())) throw new BadBackup('it ends in the middle: it is not whole')
      }
    },
  }
}
