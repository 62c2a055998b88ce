import type { UserId } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { Queryable } from '../storage/database.js'
import { living } from './accounts.js'
import { type DirectoryDeps, numberOf } from './deps.js'
import type { Directory } from './directory.js'
import { invalid } from './invalid.js'

type Blocks = Pick<Directory, 'block' | 'unblock' | 'blocked'>

const path = '/phone_number'

/** Whose calls a user does not want. */
export function blocks({ database, stores, canonicalise, accountEvents, clock }: DirectoryDeps): Blocks {
  /** Changes the list, and says so to every node once that is done. */
  async function change(userId: UserId, work: (tx: Queryable) => Promise<void>) {
    const changed = { kind: 'profile_changed', userId } as const
    await database.transaction(async tx => {
      await work(tx)
      await accountEvents.record(tx, changed)
    })
    accountEvents.announce(changed)
  }

  return {
    async block(id, written) {
      const number = numberOf(canonicalise, written, path)
      const atMost = limits.blocksPerUser
      await change(id, async tx => {
        const owner = living(await stores.users.lock(tx, id))
        if (owner.phoneNumber === number) throw invalid(path, 'must not be your own number')
        const block = { ownerId: id, number, createdAt: new Date(clock.wall()), atMost }
        if (await stores.blocks.add(tx, block)) return
        throw new Refusal('rate_limited', `You have blocked ${atMost} numbers: unblock one first`, {
          retryAfterSeconds: limits.fullListRetrySeconds,
        })
      })
    },

    async unblock(id, written) {
      const number = numberOf(canonicalise, written, path)
      await change(id, tx => stores.blocks.remove(tx, id, number))
    },

    blocked: async id => (await stores.blocks.list(id)).map(block => block.number),
  }
}
