import type { UserId } from '@switchboard/protocol'
import type { Role } from '@switchboard/protocol/admin'
import { AdminRefusal } from '../../administrators/admin-refusal.js'
import type { AddressKey } from '../../throttles/addresses.js'
import { type AdminRoute, type Asked, post } from '../route.js'
import type { FoundUser } from './stores.js'

/** What is done to an account: by who keeps accounts, in the same way as from anywhere else. */
export interface UserActsDeps {
  find(id: string): Promise<FoundUser>
  /** False: it is so already. */
  disable(id: UserId): Promise<boolean>
  enable(id: UserId): Promise<boolean>
  logOut(id: UserId): Promise<void>
  /** Mails a code to the owner of the account; nobody here sees it. */
  mailReset(user: FoundUser, address: AddressKey): Promise<void>
  remove(id: UserId): Promise<void>
}

/** Acts on one user. What is so already is done: whoever presses twice meant it once. */
export function userActs(deps: UserActsDeps): readonly AdminRoute[] {
  const on = (name: string, least: Role, work: (user: FoundUser, address: AddressKey) => Promise<unknown>) =>
    post({
      path: `/api/users/:id/${name}`,
      ...{ least, act: `user.${name}`, subject: 'user' },
      async handle({ params, address }: Pick<Asked, 'params' | 'address'>) {
        await work(await deps.find(params.id ?? ''), address)
        return undefined
      },
    })
  return [
    on('disable', 'operator', ({ id }) => deps.disable(id)),
    on('enable', 'operator', ({ id }) => deps.enable(id)),
    on('log_out', 'operator', ({ id }) => deps.logOut(id)),
    on('reset_password', 'operator', async (user, address) => {
      if (user.disabledAt) throw new AdminRefusal('user_disabled')
      await deps.mailReset(user, address)
    }),
    on('delete', 'owner', ({ id }) => deps.remove(id)),
  ]
}
