import type { Pool } from 'pg'
import { createMeter, type Meter, type Spread, serviceBounds } from '../meter.js'

export type DatabaseMeasures = ReturnType<typeof databaseMeasures>

/** Statements by the part that asks, which is what their names begin with. */
const partOf = (statement: string) => statement.split('.', 1)[0] ?? statement

export function databaseMeasures(meter: Meter = createMeter()) {
  const spreadOf = meter.spreads(
    'switchboard_database_statement_seconds',
    'From a statement to its rows, by what asks; without the wait for a connection',
    serviceBounds,
  )
  const byName = new Map<string, Spread>()
  const byPart = new Map<string, Spread>()

  function learn(name: string): Spread {
    const statement = partOf(name)
    const spread = byPart.get(statement) ?? spreadOf({ statement })
    byPart.set(statement, spread)
    byName.set(name, spread)
    return spread
  }

  return {
    statement: (name: string): Spread => byName.get(name) ?? learn(name),
    wait: meter.spread(
      'switchboard_database_wait_seconds',
      'How long work waited for a connection, whether it got one or not',
      serviceBounds,
    ),
    repeated: meter.count(
      'switchboard_database_repeats_total',
      'Work that was done again: transactions that met, lost connections, a server that moved',
    ),
    unavailable: meter.count(
      'switchboard_database_unavailable_total',
      'Work that was given up because the database did not answer',
    ),
    connections(pool: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'>) {
      meter.gaugeBy('switchboard_database_connections', 'Connections of the pool', 'state', () => ({
        used: pool.totalCount - pool.idleCount,
        idle: pool.idleCount,
      }))
      meter.gauge('switchboard_database_waiting', 'Work that waits for a connection', () => pool.waitingCount)
    },
  }
}
