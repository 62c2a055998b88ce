import Type from 'typebox'
import type { Invitation } from '../../administrators/accounts.js'
import type { Identity } from '../../administrators/identity.js'
import { type AdminRoute, type Asked, get, post } from '../route.js'
import * as shapes from './shapes.js'

const present = ({ id, token, expiresAt }: Invitation) => ({
  id,
  invitation: `/invitation#${token}`,
  expiresAt: expiresAt.toISOString(),
})

/** Who the administrators are: for owners; and what was done: for all of them. */
export function administratorRoutes({ accounts, audit }: Identity): readonly AdminRoute[] {
  const on = (act: string, work: (id: string) => Promise<object | undefined>): AdminRoute =>
    post({
      path: `/api/administrators/:id/${act}`,
      ...{ least: 'owner', act: `administrator.${act}`, subject: 'administrator' },
      handle: ({ params }: Pick<Asked, 'params'>) => work(params.id ?? ''),
    })
  const silently = (work: (id: string) => Promise<void>) => (id: string) => work(id).then(() => undefined)

  return [
    get({
      ...{ path: '/api/administrators', least: 'owner' },
      handle: async () => ({ administrators: await accounts.list() }),
    }),
    post({
      ...{ path: '/api/administrators', least: 'owner', act: 'administrator.invite' },
      input: Type.Object({ name: shapes.name, role: shapes.role }),
      async handle({ input, note }) {
        const invitation = await accounts.invite(input.name, input.role)
        note({ subject: { kind: 'administrator', id: invitation.id }, detail: { role: input.role } })
        return present(invitation)
      },
    }),
    post({
      ...{ path: '/api/administrators/:id/role', least: 'owner' },
      ...{ act: 'administrator.role', subject: 'administrator' },
      input: Type.Object({ role: shapes.role }),
      async handle({ params, input, note }) {
        note({ detail: { role: input.role } })
        await accounts.setRole(params.id ?? '', input.role)
        return undefined
      },
    }),
    on('disable', silently(accounts.disable)),
    on('enable', silently(accounts.enable)),
    on('remove', silently(accounts.remove)),
    on('reset', async id => present(await accounts.reset(id))),
    get({
      ...{ path: '/api/audit', least: 'viewer' },
      query: Type.Object({
        cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })),
        administrator: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })),
        act: Type.Optional(Type.String({ maxLength: 64, pattern: '^[a-z_.]*$' })),
      }),
      handle: ({ query }) => audit.page(query),
    }),
  ]
}
