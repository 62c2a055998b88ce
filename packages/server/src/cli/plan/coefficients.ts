/** One figure that the plan stands on, and where it is from. */
export interface Coefficient {
  readonly value: number
  readonly unit: string
  readonly from: 'measured' | 'assumed'
  /** How to measure it again, or why it was taken. */
  readonly source: string
}

const measured = (value: number, unit: string, source: string): Coefficient => ({
  value,
  unit,
  from: 'measured',
  source,
})
const assumed = (value: number, unit: string, source: string): Coefficient => ({
  value,
  unit,
  from: 'assumed',
  source,
})

/** Everything that the plan multiplies with; nothing else in it is a figure. */
export const coefficients = {
  online: assumed(
    0.3,
    'of the users',
    'connected at the busiest moment: phones that sleep are woken by other means',
  ),
  devices: assumed(1.2, 'sockets a connected user', 'a phone, and for one in five another device'),
  busyHour: assumed(0.12, "of a day's calls", 'telephony: the busiest hour has 10 to 15 % of a day'),
  callMinutes: assumed(3, 'minutes', 'mean length of an answered call'),
  peak: assumed(
    2,
    'times',
    'the busiest second above the mean of its hour, rounded up from Poisson at 100 calls/s',
  ),
  connectsPerDay: assumed(20, 'a socket and day', 'lost networks, trains, sleeping phones'),
  restPerDay: assumed(
    30,
    'requests a connected user and day',
    'contacts, history, TURN credentials, renewed tokens',
  ),

  callCpu: assumed(
    1,
    'ms',
    'twice the floor of 0.17 ms for offer, answer, 20 candidates and hang-up, with the journal, and air',
  ),
  connectCpu: assumed(0.7, 'ms', 'twice the floor of 0.34 ms to connect and authenticate'),
  restCpu: assumed(0.3, 'ms', 'twice fastify with one row of PostgreSQL by key, 0.15 ms'),
  heartbeatCpu: assumed(0.02, 'ms', 'a ping, its pong and their two wake-ups'),
  heartbeatSeconds: assumed(25, 's', 'HEARTBEAT_SECONDS'),
  remoteFactor: assumed(
    2.5,
    'times',
    'CPU of a call whose parties are on different nodes, both nodes together: its bound',
  ),
  socketKib: assumed(
    16,
    'KiB',
    'bound of an idle connection 9, and as much again in socket buffers and TLS elsewhere',
  ),
  processMib: measured(135, 'MiB', 'a node with 30 sockets under PM2: pm2 ls'),
  processHeapMib: assumed(1_200, 'MiB', 'what one process may hold of sockets before collections get long'),
  usableCpu: assumed(
    0.6,
    'of a core',
    'above that the 99th percentile grows, and a lost node has to fit into the others',
  ),

  homeKib: measured(
    1.6,
    'KiB',
    "a user's subscription: 0.88 in nats-server's resident memory (300,000 SUBs on one connection), and its collector's room",
  ),
  natsPerCall: assumed(
    60,
    'messages',
    '24 messages of a call, each there, a third with a receipt, and the bringing of its callee',
  ),
  natsPerSecond: assumed(
    200_000,
    'messages a second',
    'one NATS server, a core or two, small messages; by its makers a million and more',
  ),
  natsMemoryGib: assumed(16, 'GiB', 'of subscriptions in one NATS server; each of a cluster has them all'),
  beatSeconds: measured(0.5, 's', 'nodeBeatMs in limits.ts: each node to each other one'),
  beatCpu: assumed(0.02, 'ms', 'one message received and looked up'),
  beatShare: assumed(
    0.02,
    'of a core',
    'that a node may spend on hearing others: beyond it split the cluster',
  ),

  writesPerCall: assumed(2, 'rows', 'set-up and end; what moves within 40 ms is written together'),
  writesPerConnect: assumed(0, 'rows', 'a verified login is remembered'),
  rowsPerSecond: assumed(
    10_000,
    'rows a second',
    'one PostgreSQL with a synchronous standby, in batches, on 8 cores and NVMe',
  ),
  readsPerSecond: assumed(20_000, 'reads a second', 'single rows along an index, on the same machine'),
  callBytes: assumed(600, 'bytes', "a call's row with its indexes, in the history of both"),
  userKib: assumed(6, 'KiB', 'a user with logins, 30 contacts and their indexes'),

  cores: assumed(8, 'cores', 'of one machine; a process takes one'),
  machineGib: assumed(16, 'GiB', 'of one machine, 2 for the system'),
  regionNodes: assumed(2, 'nodes at least', 'one may be lost'),
} as const satisfies Record<string, Coefficient>

export type Coefficients = { readonly [Name in keyof typeof coefficients]: number }

export const defaultCoefficients = Object.fromEntries(
  Object.entries(coefficients).map(([name, { value }]) => [name, value]),
) as unknown as Coefficients
