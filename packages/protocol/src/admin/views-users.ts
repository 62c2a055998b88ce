/** `GET /api/users?q=&cursor=`, the newest first. */
export interface UsersView {
  readonly users: readonly UserRow[]
  /** For `cursor`, when there may be more. */
  readonly next: string | null
}

export interface UserRow {
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly phoneNumber: string
  readonly email: string
  readonly createdAt: string
  readonly isDisabled: boolean
  /** A device is connected, at some node. */
  readonly present: boolean
}

/** Unknown: no node could be asked. */
export type UserPresence = 'away' | 'present' | 'in_call' | 'unknown'

/** `GET /api/users/:id` */
export interface UserView {
  readonly user: UserRow & { readonly presence: UserPresence }
  /** The living ones, the newest first and no more than a page shows. */
  readonly logins: readonly LoginRow[]
  readonly devices: readonly UserDevice[]
  readonly limits: readonly UserLimit[]
  readonly contacts: number
  readonly blocked: number
}

/** A device with a session, on some node. */
export interface UserDevice {
  readonly id: string
  readonly login: string
  readonly node: string
  /** False: it lost its socket, and may come back. */
  readonly isConnected: boolean
  /** When it connected last. */
  readonly connectedAt: string
}

/** A limit that counts this user, by its name in limits.ts. */
export interface UserLimit {
  readonly name: string
  /** How much of the allowance is used up, from 0 to 1: then the next one is refused. */
  readonly used: number
}

export interface LoginRow {
  readonly id: string
  readonly createdAt: string
  /** When it was last given a token. */
  readonly lastUsedAt: string
  readonly expiresAt: string
}
