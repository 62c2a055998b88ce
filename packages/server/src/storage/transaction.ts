import { type Checkout, run, watched } from './checkout.js'
import type { Queryable } from './database.js'

/** Runs work between begin and commit on this connection. From `onCommit` on nobody knows but the database. */
export async function runTransaction<T>(
  checkout: Checkout,
  work: (tx: Queryable) => Promise<T>,
  onCommit: () => void,
): Promise<T> {
  const control = (text: string) => watched(checkout, () => checkout.client.query(text))
  let ended = false
  let last: Promise<unknown> = Promise.resolve()
  const tx: Queryable = {
    // One after the other, also when the work does not wait: a connection does one thing at a time.
    query: (statement, values = []) => {
      if (ended) return Promise.reject(new Error(`${statement.name}: its transaction is over`))
      const result = last.then(() => run(checkout, statement, values))
      last = result.catch(() => {})
      return result
    },
  }
  await control('begin')
  try {
    const result = await work(tx)
    await last
    ended = true
    onCommit()
    const { command } = await control('commit')
    // PostgreSQL answers the commit of a failed transaction with a polite ROLLBACK.
    if (command !== 'COMMIT') throw new Error('a statement of the transaction had failed: it was rolled back')
    return result
  } catch (error) {
    ended = true
    await last
    if (!checkout.broken) await control('rollback').catch(() => {})
    throw error
  }
}
