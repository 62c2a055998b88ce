type Outcome = { readonly giveBack: () => Promise<void> } | { readonly waitMs: number }

/** One that was let through and is not decided yet. */
export interface Reservation {
  readonly giveBack: () => Promise<void>
  /** It was given back, or it counts. */
  decided(): void
}

interface Room {
  open: number
  asking: number
  givenBack: number
  readonly waiting: (() => void)[]
}

/**
 * Reservations that may be given back: sixty people behind one address who log in at the same moment reserve fifty
 * failures, and have none. Who finds all taken is told so only when none of those taken here is undecided any more;
 * until then it waits, and `most` with it.
 */
export function createReservations(most: number) {
  const rooms = new Map<string, Room>()

  function leave(key: string, room: Room) {
    if (room.open + room.asking > 0) return
    for (const wake of room.waiting.splice(0)) wake()
    if (rooms.get(key) === room) rooms.delete(key)
  }

  function opened(key: string, room: Room, giveBack: () => Promise<void>): Reservation {
    room.open += 1
    return {
      async giveBack() {
        await giveBack()
        room.givenBack += 1
      },
      decided() {
        room.open -= 1
        room.waiting.shift()?.()
        leave(key, room)
      },
    }
  }

  return async function reserve(
    key: string,
    take: () => Promise<Outcome>,
  ): Promise<Reservation | { readonly waitMs: number }> {
    for (;;) {
      const room = rooms.get(key) ?? { open: 0, asking: 0, givenBack: 0, waiting: [] }
      rooms.set(key, room)
      const before = room.givenBack
      room.asking += 1
      const outcome = await take().finally(() => {
        room.asking -= 1
      })
      if ('giveBack' in outcome) return opened(key, room, outcome.giveBack)
      while (room.givenBack === before && room.open + room.asking > 0) {
        if (room.waiting.length >= most) return outcome
        await new Promise<void>(resolve => room.waiting.push(resolve))
      }
      leave(key, room)
      if (room.givenBack === before) return outcome
    }
  }
}
