import { timingSafeEqual } from 'node:crypto'
import { type Role, roles } from '@switchboard/protocol/admin'
import { AdminRefusal } from '../administrators/admin-refusal.js'
import type { AdminSession, Sessions } from './entered.js'
import type { AdminRoute, Least } from './route.js'

const isRole = (least: Least): least is Role => (roles as readonly string[]).includes(least)

/** Whether whoever has this role may do what asks for that one. */
const reaches = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least)

/** Refuses whoever may not ask for this route. Every route of the table comes through here. */
export async function checkEntry(
  { least, method, withoutSecondFactor }: AdminRoute,
  session: AdminSession | undefined,
  csrfToken: string | string[] | undefined,
  sessions: Pick<Sessions, 'isNew'>,
): Promise<void> {
  if (least === 'anybody') return
  if (session === undefined) {
    const next = (await sessions.isNew()) ? 'first_administrator' : 'sign_in'
    throw new AdminRefusal('not_signed_in', undefined, { next })
  }
  const { awaits, needs, administrator } = session
  if (!isRole(least)) {
    if (awaits === undefined) throw new AdminRefusal('not_begun')
    return
  }
  if (awaits !== undefined) {
    throw new AdminRefusal('not_signed_in', undefined, { next: 'second_factor', methods: awaits })
  }
  if (method !== 'GET' && !isSame(csrfToken, session.csrfToken)) throw new AdminRefusal('csrf_refused')
  if (needs === 'second_factor_setup' && !withoutSecondFactor) throw new AdminRefusal('second_factor_needed')
  if (!reaches(administrator.role, least)) throw new AdminRefusal('role_too_low')
}

function isSame(given: string | string[] | undefined, token: string): boolean {
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(token)]
  return one.length === other.length && timingSafeEqual(one, other)
}
