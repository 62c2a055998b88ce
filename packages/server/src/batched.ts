/**
 * Reads of many at once: what is asked for in one turn of the event loop is one reading, and what is asked for while that
 * is under way waits for the next, so that a crowd costs a few statements, and somebody alone waits for nobody.
 */
export function batched<Key, Value>(
  readMany: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
  most: number,
): (key: Key) => Promise<Value | undefined> {
  interface Waiting {
    readonly resolve: (value: Value | undefined) => void
    readonly reject: (error: unknown) => void
  }
  const waiting = new Map<Key, Waiting[]>()
  let isReading = false

  async function readOnAndOn() {
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, most)
      for (const [key] of batch) waiting.delete(key)
      try {
        const found = await readMany(batch.map(([key]) => key))
        for (const [key, those] of batch) for (const { resolve } of those) resolve(found.get(key))
      } catch (error) {
        for (const [, those] of batch) for (const { reject } of those) reject(error)
      }
    }
    isReading = false
  }

  return key =>
    new Promise((resolve, reject) => {
      const those = waiting.get(key)
      if (those) those.push({ resolve, reject })
      else waiting.set(key, [{ resolve, reject }])
      if (isReading) return
      isReading = true
      // To ask the database wakes it and waits for it, which costs more than what is asked: so not before all have asked.
      setImmediate(() => void readOnAndOn())
    })
}
