import { type Meter, serviceBounds } from '../meter.js'
import { type Bus, busStateOf, NoResponders } from './bus.js'

/** The same bus, with what goes over it counted. One process alone has nothing to count, and says so. */
export function measuredBus(bus: Bus, meter: Meter): Bus {
  const messages = meter.countBy(
    'switchboard_bus_messages_total',
    'Messages between nodes, as this one sent or heard them',
    'direction',
    ['in', 'out'],
  )
  const bytes = meter.countBy(
    'switchboard_bus_message_chars_total',
    'Their length, in UTF-16 units',
    'direction',
    ['in', 'out'],
  )
  const requests = meter.countBy(
    'switchboard_bus_requests_total',
    'Questions to other nodes, by what came of them; nobody: no node is subscribed, which is an answer',
    'outcome',
    ['answered', 'nobody', 'timeout'],
  )
  const roundTrip = meter.spread(
    'switchboard_bus_round_trip_seconds',
    'From a question to another node to its answer',
    serviceBounds,
  )
  const changes = meter.countBy(
    'switchboard_bus_changes_total',
    'How often the bus went, and came back',
    'to',
    ['connected', 'away'],
  )
  meter.gaugeBy(
    'switchboard_bus_state',
    '1 for what holds; none: this process is all there is',
    'state',
    () => ({ none: 0, connected: 0, away: 0, [busStateOf(bus)]: 1 }),
  )
  if (bus.alone) return bus
  bus.onConnection(isConnected => changes[isConnected ? 'connected' : 'away'].add())

  return {
    ...bus,
    publish(subject, data) {
      messages.out.add()
      bytes.out.add(data.length)
      bus.publish(subject, data)
    },
    async request(subject, data, timeoutMs) {
      messages.out.add()
      bytes.out.add(data.length)
      const since = performance.now()
      try {
        const reply = await bus.request(subject, data, timeoutMs)
        requests.answered.add()
        roundTrip.observe((performance.now() - since) / 1000)
        return reply
      } catch (error) {
        requests[error instanceof NoResponders ? 'nobody' : 'timeout'].add()
        throw error
      }
    },
    subscribe: (subject, listener) =>
      bus.subscribe(subject, message => {
        messages.in.add()
        bytes.in.add(message.data.length)
        listener(message)
      }),
  }
}
