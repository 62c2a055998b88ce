import { type MailRow, type MailView, mailStates } from '@switchboard/protocol/admin'
import Type from 'typebox'
import type { Clock } from '../../clock.js'
import { limits } from '../../limits.js'
import { Refusal } from '../../refusal.js'
import { type AdminRoute, get, post } from '../route.js'
import { uuid } from '../uuid.js'
import type { MailQueue, QueuedMail } from './stores.js'

export interface MailRoutesDeps {
  readonly queue: MailQueue
  /** Looks for due mail now. */
  readonly hurry: () => void
  readonly clock: Clock
}

/** Mail that has not left, and trying it again. */
export const mailRoutes = ({ queue, hurry, clock }: MailRoutesDeps): readonly AdminRoute[] => [
  get({
    ...{ path: '/api/mail', least: 'viewer' },
    query: Type.Object({
      state: Type.Optional(Type.Enum([...mailStates])),
      cursor: Type.Optional(uuid),
    }),
    async handle({ query: { state, cursor } }): Promise<MailView> {
      const most = limits.panelPage
      const found = await queue.page({ state, before: cursor, most: most + 1 })
      const mails = found.slice(0, most).map(rowOf)
      return { mails, next: found.length > most ? (mails.at(-1)?.id ?? null) : null }
    },
  }),
  post({
    ...{ path: '/api/mail/:id/retry', least: 'operator', act: 'mail.retry', subject: 'mail' },
    async handle({ params: { id = '' } }) {
      const kind = await queue.kindOf(id)
      if (kind === undefined) throw new Refusal('not_found', 'no such mail: it was sent, or is too old')
      const now = clock.wall()
      const life = kind === 'reset_code' ? limits.resetCodeMs : limits.mailNoticeGiveUpMs
      await queue.again(id, new Date(now), new Date(now + life))
      hurry()
      return undefined
    },
  }),
]

const rowOf = ({ nextAt, createdAt, ...mail }: QueuedMail): MailRow => ({
  ...mail,
  nextAt: mail.state === 'waiting' ? nextAt.toISOString() : null,
  createdAt: createdAt.toISOString(),
})
