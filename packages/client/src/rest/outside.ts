import type { CreateUserBody, TokenView, UserView } from '@switchboard/protocol'
import type { Rest } from './rest.js'

/** What needs no login. */
export const outside = (rest: Rest) => ({
  register: (user: CreateUserBody) => rest<UserView>('POST', '/create_user', user),
  login: (email: string, password: string) => rest<TokenView>('POST', '/login', { email, password }),
  /** Sends a code by mail, if there is such an account; the answer does not tell. */
  requestReset: async (email: string) => void (await rest('POST', '/get_reset_password_code', { email })),
  /** Sets a new password with the code of the mail; every login of the account is dead then. */
  async resetPassword(email: string, code: string, newPassword: string) {
    const { token } = await rest<TokenView>('POST', '/verify_reset_password_code', {
      email,
      verify_code: code,
    })
    await rest('PUT', '/put_password', { email, new_password: newPassword }, token)
  },
})
