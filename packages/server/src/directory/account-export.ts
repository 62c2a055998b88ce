import type { ExportView, UserId } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { living } from './accounts.js'
import { shown } from './contacts.js'
import { firstId, lastId } from './cursor.js'
import type { DirectoryDeps } from './deps.js'
import { fullName, presentCall, presentPrivacy, presentUser } from './presenters.js'

/** Everything stored about a user, but for secrets. */
export function accountExport({ stores, securityProfile }: DirectoryDeps) {
  return async (id: UserId): Promise<ExportView> => {
    const user = living(await stores.users.byId(id))
    const { createdAt, ...records } = living(await stores.accounts.records(id))
    const privacy = living(await stores.profiles.privacy(id))
    const contacts = await stores.contacts.page(
      id,
      firstId,
      limits.contactsPerUser,
      securityProfile === 'strict',
    )
    const blocked = await stores.blocks.list(id)
    const calls = await stores.history.page(id, lastId, limits.exportedCalls)
    const events = new Map<string, { at: string; kind: string }[]>(calls.map(call => [call.callId, []]))
    for (const { callId, at, kind } of await stores.history.steps(id)) {
      events.get(callId)?.push({ at: at.toISOString(), kind })
    }
    return {
      profile: { ...presentUser(user), created_at: createdAt.toISOString() },
      settings: presentPrivacy(privacy),
      contacts: contacts.map(contact => ({
        phone_number: contact.user.phoneNumber,
        username: fullName(shown(contact)),
        added_at: contact.addedAt.toISOString(),
      })),
      blocked: blocked.map(block => ({
        phone_number: block.number,
        blocked_at: block.createdAt.toISOString(),
      })),
      ...records,
      calls: calls.map(call => ({ ...presentCall(call), events: events.get(call.callId) ?? [] })),
    }
  }
}
