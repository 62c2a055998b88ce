import type { DeviceId, UserId } from '@switchboard/protocol'
import type { Session } from './session.js'

/** The sessions of this process, by device and by user. */
export function createSessionIndex() {
  const byDevice = new Map<DeviceId, Session>()
  const byUser = new Map<UserId, Session[]>()
  return {
    get: (device: DeviceId) => byDevice.get(device),
    /** False once another has its place, or none. */
    has: (session: Session) => byDevice.get(session.id) === session,
    ofUser: (userId: UserId): readonly Session[] => byUser.get(userId) ?? [],
    users: () => byUser.keys(),
    all: (): Iterable<Session> => byDevice.values(),
    count: () => byDevice.size,

    add(session: Session) {
      byDevice.set(session.id, session)
      const others = byUser.get(session.userId)
      if (others) others.push(session)
      else byUser.set(session.userId, [session])
    },

    /** Whether there was one of its device. */
    remove(session: Session): boolean {
      if (!byDevice.delete(session.id)) return false
      const others = byUser.get(session.userId)?.filter(other => other !== session) ?? []
      if (others.length > 0) byUser.set(session.userId, others)
      else byUser.delete(session.userId)
      return true
    },
  }
}
