import type { Coefficients } from './coefficients.js'

export interface Wanted {
  /** Registered users. */
  readonly users: number
  /** Of all users together. */
  readonly callsPerDay: number
  readonly regions: number
}

export type Plan = ReturnType<typeof plan>

const aDay = 24 * 3_600

/** Machines for so many users and calls, of each region and together. Arithmetic alone: the same for the same figures. */
export function plan({ users, callsPerDay, regions }: Wanted, k: Coefficients) {
  const here = { users: users / regions, callsPerDay: callsPerDay / regions }

  const connectedUsers = here.users * k.online
  const connections = connectedUsers * k.devices
  const busyHourCalls = (here.callsPerDay * k.busyHour) / 3_600
  const callsPerSecond = busyHourCalls * k.peak
  const callsAtOnce = busyHourCalls * k.callMinutes * 60
  const connectsPerSecond = ((connections * k.connectsPerDay) / aDay) * k.peak
  const restPerSecond = ((connectedUsers * k.restPerDay) / aDay) * k.peak
  const heartbeatsPerSecond = connections / k.heartbeatSeconds

  // How many nodes there are decides how many calls cross them, and that how many nodes: from below, until it fits.
  const own =
    (connectsPerSecond * k.connectCpu + restPerSecond * k.restCpu + heartbeatsPerSecond * k.heartbeatCpu) /
    1_000
  const byMemory = (connections * k.socketKib) / 1_024 / k.processHeapMib
  const callCores = (nodes: number) => {
    const crossing = (nodes - 1) / nodes
    return (callsPerSecond * k.callCpu * (1 + crossing * (k.remoteFactor - 1))) / 1_000
  }
  const beatCores = (nodes: number) => (((nodes - 1) / k.beatSeconds) * k.beatCpu) / 1_000
  const coresUsed = (nodes: number) =>
    own + callCores(nodes) + nodes * Math.min(beatCores(nodes), k.beatShare)
  const fits = (nodes: number) => nodes >= byMemory && coresUsed(nodes) <= nodes * k.usableCpu
  const processes = least(fits)
  const isOne = regions === 1 && processes === 1
  /** One more than needed, so that one may be lost; a single process has nothing to be lost to. */
  const nodes = isOne ? 1 : Math.max(k.regionNodes, processes + Math.ceil(processes / 20))
  const memoryGib = ((connections * (k.socketKib + k.socketSystemKib)) / 1_024 + nodes * k.processMib) / 1_024
  const machines = isOne
    ? 1
    : Math.max(2, Math.ceil(nodes / k.cores), Math.ceil(memoryGib / (k.machineGib - 2)))

  // Nodes hear each other within a cell; more nodes than one holds are several cells.
  const nodesPerCell = Math.max(2, Math.floor((k.beatShare * 1_000 * k.beatSeconds) / k.beatCpu) + 1)
  // So does every server of a NATS cluster hold every subscription.
  const subscriptionsGib = (connectedUsers * k.homeKib) / 1_024 ** 2
  const cells = Math.max(Math.ceil(nodes / nodesPerCell), Math.ceil(subscriptionsGib / k.natsMemoryGib))

  const crossing = (nodes - 1) / nodes
  const beats = (nodes * Math.min(nodes, nodesPerCell)) / k.beatSeconds
  const natsMessages = isOne ? 0 : callsPerSecond * k.natsPerCall * crossing + beats
  const natsGib = isOne ? 0 : subscriptionsGib / cells
  const natsServers = isOne
    ? 0
    : Math.max(3 * cells, Math.ceil((natsMessages * k.natsCpu) / 1_000 / (k.natsCores * k.usableCpu)))

  const writesPerSecond = callsPerSecond * k.writesPerCall + connectsPerSecond * k.writesPerConnect
  const readsPerSecond = callsPerSecond + restPerSecond + connectsPerSecond
  const databaseCores = (writesPerSecond * k.rowCpu + readsPerSecond * k.readCpu) / 1_000
  const databases = Math.max(1, Math.ceil(databaseCores / (k.databaseCores * k.usableCpu)))
  const gigabytesPerYear =
    (here.callsPerDay * 365 * k.callBytes) / 1e9 + (here.users * k.userKib * 1_024) / 1e9

  const region = {
    connectedUsers,
    connections,
    callsPerSecond,
    callsAtOnce,
    connectsPerSecond,
    restPerSecond,
    cores: coresUsed(processes),
    coresOfCalls: callCores(processes),
    needed: processes,
    nodesByMemory: Math.ceil(byMemory),
    nodes,
    memoryGib,
    machines,
    cells,
    nodesPerCell,
    natsMessages,
    natsGib,
    natsServers,
    writesPerSecond,
    readsPerSecond,
    databases,
    gigabytesPerYear,
    isOne,
  }
  /** Each database with its standby; a single process brings its own. */
  const machinesOfRegion = isOne ? 1 : machines + natsServers + databases * 2 + 2
  return { region, regions, machines: machinesOfRegion * regions }
}

/** The least whole number from 1 for which it holds; it holds for all above. */
function least(holds: (n: number) => boolean): number {
  let high = 1
  while (!holds(high)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
