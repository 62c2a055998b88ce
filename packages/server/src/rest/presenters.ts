import type { TokenView } from '@switchboard/protocol'
import type { IssuedToken } from '../sessions/access.js'

export const presentToken = ({ token, expiresAt }: IssuedToken): TokenView => ({
  token,
  expires_at: expiresAt.toISOString(),
})
