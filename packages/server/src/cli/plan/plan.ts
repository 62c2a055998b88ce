import { columns } from '../text.js'
import type { World } from '../world.js'
import { coefficients, defaultCoefficients } from './coefficients.js'
import { plan as compute, type Plan, type Wanted } from './model.js'

export interface PlanOptions extends Wanted {
  readonly json?: true
  readonly coefficients?: true
}

/** Prints what so many users need, and why. */
export function plan({ terminal }: World, { json, coefficients: table, ...wanted }: PlanOptions): void {
  const planned = compute(wanted, defaultCoefficients)
  if (json) {
    terminal.out(JSON.stringify({ wanted, ...planned, coefficients }))
    return
  }
  for (const line of columns(explain(wanted, planned))) terminal.out(line)
  if (table) {
    terminal.out('')
    for (const line of columns(coefficientRows())) terminal.out(line)
  }
  const guesses = Object.values(coefficients).filter(({ from }) => from === 'assumed').length
  terminal.err(
    `${guesses} of ${Object.keys(coefficients).length} coefficients are assumed, not measured: --coefficients`,
  )
}

function explain({ users, callsPerDay }: Wanted, { region: r, regions, machines }: Plan): string[][] {
  const each = regions === 1 ? '' : ' (each region)'
  const rows = [
    [
      `${number(users)} users, ${number(callsPerDay)} calls a day, ${regions} region${regions === 1 ? '' : 's'}`,
    ],
    [
      `connections${each}`,
      number(r.connections),
      `${number(r.connectedUsers)} users connected at the busiest moment`,
    ],
    ['calls a second', number(r.callsPerSecond), `at the busiest; ${number(r.callsAtOnce)} at once`],
    ['connects a second', number(r.connectsPerSecond), 'sockets that were lost and come back'],
    ['REST requests a second', number(r.restPerSecond), ''],
    [
      'processes',
      number(r.nodes),
      `${number(r.cores)} cores of work, ${number(r.coresOfCalls)} of them calls; ${r.nodesByMemory} by memory; some may be lost`,
    ],
    ['memory', `${number(r.memoryGib)} GiB`, 'sockets and processes'],
    ['machines for them', number(r.machines), 'one process a core'],
  ]
  if (r.isOne) rows.push(['NATS, PostgreSQL', 'none', 'one process: the embedded database, no bus'])
  else {
    rows.push(
      [
        'cells',
        number(r.cells),
        `a cell has ${r.nodesPerCell} processes at most: each hears each other twice a second`,
      ],
      [
        'NATS messages a second',
        number(r.natsMessages),
        'calls whose parties are on different nodes, and beats',
      ],
      [
        'NATS servers',
        number(r.natsServers),
        `${number(r.natsGib)} GiB of subscriptions in each, one a connected user; three stay a majority when one is lost`,
      ],
      ['database writes a second', number(r.writesPerSecond), `and ${number(r.readsPerSecond)} reads`],
      ['databases', number(r.databases), 'each with a standby; more than one: CockroachDB or YugabyteDB'],
      ['balancers', '2', 'nginx, one may be lost'],
    )
  }
  rows.push(['data a year', `${number(r.gigabytesPerYear)} GB`, 'calls and users'])
  rows.push(['machines in all', number(machines), regions === 1 ? '' : `in ${regions} regions`])
  return rows
}

const coefficientRows = () =>
  Object.entries(coefficients).map(([name, { value, unit, from, source }]) => [
    name,
    `${value} ${unit}`,
    from,
    source,
  ])

/** Three digits that count: what a plan knows. */
const number = (value: number) =>
  new Intl.NumberFormat(
    'en',
    value < 1_000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  ).format(value)
