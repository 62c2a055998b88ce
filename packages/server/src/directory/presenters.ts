import type { CallView, ContactView, UserView } from '@switchboard/protocol'
import type { PastCall, Privacy, User } from './directory.js'

/** What leaves the server of a user, a contact, a call: nothing but what is named here. */
export const presentUser = (user: User): UserView => ({
  firstname: user.firstname,
  lastname: user.lastname,
  phone_number: user.phoneNumber,
  email: user.email,
})

export const fullName = (user: User): string => `${user.firstname} ${user.lastname}`.trim()

export const presentContact = (user: User): ContactView => ({
  ...presentUser(user),
  username: fullName(user),
})

const instant = (at: Date | null) => at?.toISOString() ?? null

export const presentCall = (call: PastCall): CallView => ({
  call_id: call.callId,
  direction: call.direction,
  peer: call.peer,
  started_at: call.startedAt.toISOString(),
  answered_at: instant(call.answeredAt),
  ended_at: instant(call.endedAt),
  outcome: call.outcome,
})

export const presentPrivacy = ({ relayOnlyForStrangers, callsFromContactsOnly }: Privacy) => ({
  relay_only_for_strangers: relayOnlyForStrangers,
  calls_from_contacts_only: callsFromContactsOnly,
})
