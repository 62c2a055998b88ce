import Type from 'typebox'
import { limits } from '../../limits.js'
import { type AdminRoute, get } from '../route.js'
import { uuid } from '../uuid.js'
import type { createUsers } from './users.js'

/** Looking for users, and at one. */
export const userRoutes = (users: ReturnType<typeof createUsers>): readonly AdminRoute[] => [
  get({
    ...{ path: '/api/users', least: 'viewer' },
    query: Type.Object({
      q: Type.Optional(Type.String({ maxLength: limits.panelSearchLength, pattern: '^[^\\p{Cc}\\p{Cs}]*$' })),
      cursor: Type.Optional(uuid),
    }),
    handle: ({ query: { q = '', cursor } }) => users.page(q, cursor),
  }),
  get({
    ...{ path: '/api/users/:id', least: 'viewer' },
    handle: ({ params }) => users.one(params.id ?? ''),
  }),
]
