/** Runs work of the same key one after the other, in the order it came; of different keys side by side. */
export function createLines(most: number) {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>()

  /** Undefined at once when `most` wait already. */
  return function inLine<T>(key: string, work: () => Promise<T>): Promise<T> | undefined {
    const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 }
    if (line.length >= most) return undefined
    lines.set(key, line)
    line.length += 1
    const result = line.last.then(work).finally(() => {
      line.length -= 1
      if (line.length === 0) lines.delete(key)
    })
    line.last = result.catch(() => undefined)
    return result
  }
}
