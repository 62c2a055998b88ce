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

  callCpu: measured(
    0.3,
    'ms',
    'offer, answer, 20 candidates and hang-up, with the journal: npm run bench -- plan',
  ),
  connectCpu: measured(0.43, 'ms', 'to connect and authenticate: npm run bench -- plan'),
  restCpu: measured(
    0.17,
    'ms',
    'contacts with presence, the dearest of the frequent ones: npm run bench -- plan',
  ),
  heartbeatCpu: measured(0.025, 'ms', 'a ping, its pong and their two wake-ups: npm run bench -- plan'),
  heartbeatSeconds: measured(25, 's', 'HEARTBEAT_SECONDS'),
  remoteFactor: measured(
    2.7,
    'times',
    'CPU of a call whose parties are on different nodes, both nodes together: npm run bench -- plan',
  ),
  socketKib: measured(
    8,
    'KiB',
    'an idle connection of 1,000 to 19,000, resident memory of the process: npm run bench -- M',
  ),
  socketSystemKib: assumed(5, 'KiB', 'buffers of the operating system, which grow with what waits in them'),
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
  natsPerCall: measured(
    24,
    'messages',
    '24 messages of a call and the bringing of its callee, sent together what goes in one turn: npm run bench -- plan',
  ),
  natsCpu: measured(0.0057, 'ms', "of NATS's server a message: npm run bench -- plan"),
  natsCores: assumed(4, 'cores', "of a NATS server's machine"),
  natsMemoryGib: assumed(16, 'GiB', 'of subscriptions in one NATS server; each of a cluster has them all'),
  beatSeconds: measured(0.5, 's', 'nodeBeatMs in limits.ts: each node to each other one'),
  beatCpu: assumed(0.02, 'ms', 'one message received and looked up'),
  beatShare: assumed(
    0.02,
    'of a core',
    'that a node may spend on hearing others: beyond it split the cluster',
  ),

  writesPerCall: measured(
    6.4,
    'rows',
    "a call's row and its history, what moves within 40 ms written together: npm run bench -- plan",
  ),
  writesPerConnect: measured(0, 'rows', 'a verified login is remembered'),
  rowCpu: measured(0.015, 'ms', 'of PostgreSQL a row, written in batches: npm run bench -- plan'),
  readCpu: measured(0.1, 'ms', 'of PostgreSQL for twenty contacts of a user: npm run bench -- plan'),
  databaseCores: assumed(
    8,
    'cores',
    'of one PostgreSQL with a synchronous standby, on NVMe that is not what limits it',
  ),
  callBytes: measured(1_400, 'bytes', "a call's row and history with their indexes: npm run bench -- plan"),
  userKib: measured(6.1, 'KiB', 'a user with a login, 30 contacts and their indexes: npm run bench -- plan'),

  cores: assumed(8, 'cores', 'of one machine; a process takes one'),
  machineGib: assumed(16, 'GiB', 'of one machine, 2 for the system'),
  regionNodes: assumed(2, 'nodes at least', 'one may be lost'),
} as const satisfies Record<string, Coefficient>

export type Coefficients = { readonly [Name in keyof typeof coefficients]: number }

export const defaultCoefficients = Object.fromEntries(
  Object.entries(coefficients).map(([name, { value }]) => [name, value]),
) as unknown as Coefficients
