import { type Bus, BusTimeout, NoResponders, type Received } from '../../bus/bus.js'
import type { Chance, VirtualTime } from './time.testing.js'

export interface Weather {
  /** Of messages between nodes. */
  lost: number
  twice: number
  /** Longest delay, ms; different ones make messages overtake each other. */
  delay: number
}

export type Network = ReturnType<typeof createNetwork>

/** A bus that loses, repeats and swaps messages, and falls into parts. */
export function createNetwork(time: VirtualTime, random: Chance) {
  const weather: Weather = { lost: 0, twice: 0, delay: 3 }
  const stations = new Set<Station>()

  interface Station {
    side: number
    isUp: boolean
    isFrozen: boolean
    readonly subjects: Map<string, Set<(message: Received) => void>>
    readonly turns: Set<(isConnected: boolean) => void>
    readonly late: (() => void)[]
  }

  const reaches = (from: Station, to: Station) =>
    from.isUp && to.isUp && from.side === to.side && from.side >= 0

  function carry(from: Station, to: Station, subject: string, data: string, reply: Received['reply']) {
    const isSelf = from === to
    const copies = isSelf ? 1 : random.is(weather.lost) ? 0 : random.is(weather.twice) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      time.after(random.between(0.05, weather.delay), () => {
        const hear = () => {
          if (!reaches(from, to)) return
          for (const listener of [...(to.subjects.get(subject) ?? [])]) listener({ data, reply })
        }
        if (to.isFrozen) to.late.push(hear)
        else hear()
      })
    }
  }

  return {
    weather,

    join() {
      const station: Station = {
        side: 0,
        isUp: true,
        isFrozen: false,
        subjects: new Map(),
        turns: new Set(),
        late: [],
      }
      stations.add(station)
      const bus: Bus = {
        alone: false,
        isConnected: () => station.side >= 0,
        onConnection: listener => void station.turns.add(listener),
        publish(subject, data) {
          if (!station.isUp || station.side < 0) return
          for (const other of stations) {
            if (other.subjects.has(subject) && reaches(station, other))
              carry(station, other, subject, data, () => undefined)
          }
        },
        request: (subject, data, timeoutMs) =>
          new Promise((resolve, reject) => {
            const answers = [...stations].filter(
              other => other.subjects.has(subject) && reaches(station, other),
            )
            if (station.side < 0) return reject(new BusTimeout())
            if (answers.length === 0)
              return void time.after(0.2, () => station.isUp && reject(new NoResponders()))
            time.after(timeoutMs, () => station.isUp && reject(new BusTimeout()))
            for (const other of answers) {
              carry(station, other, subject, data, text =>
                time.after(random.between(0.05, weather.delay), () => {
                  if (reaches(other, station) && !random.is(weather.lost)) resolve(text)
                }),
              )
            }
          }),
        subscribe(subject, listener) {
          const own = (message: Received) => listener(message)
          station.subjects.set(subject, (station.subjects.get(subject) ?? new Set()).add(own))
          return {
            ready: Promise.resolve(),
            unsubscribe() {
              const listeners = station.subjects.get(subject)
              listeners?.delete(own)
              if (listeners?.size === 0) station.subjects.delete(subject)
            },
          }
        },
        close: async () => undefined,
      }
      return {
        bus,
        /** Which part of the network it is in; -1: none. */
        moveTo(side: number) {
          const was = station.side >= 0
          station.side = side
          if (was !== side >= 0) for (const turn of station.turns) turn(side >= 0)
        },
        freeze() {
          station.isFrozen = true
        },
        thaw() {
          station.isFrozen = false
          for (const hear of station.late.splice(0)) hear()
        },
        leave() {
          station.isUp = false
          stations.delete(station)
        },
      }
    },
  }
}
