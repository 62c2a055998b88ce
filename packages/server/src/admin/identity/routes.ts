import type { Identity } from '../../administrators/identity.js'
import type { AdminRoute } from '../route.js'
import { administratorRoutes } from './administrator-routes.js'
import { type About, ownRoutes } from './own-routes.js'
import { signInRoutes } from './sign-in-routes.js'

/** Signing in, one's own account, the administrators and the audit log. */
export const identityRoutes = (identity: Identity, about: About): readonly AdminRoute[] => [
  ...signInRoutes(identity),
  ...ownRoutes(identity, about),
  ...administratorRoutes(identity),
]
