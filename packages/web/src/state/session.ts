import { type Signal, signal } from '@preact/signals'
import { type Phone, Switchboard, type SwitchboardError } from '@switchboard/client'
import type { LoginStore } from './login-store.js'
import { chosenMedia } from './media.js'
import type { Preferences } from './preferences.js'

export type Standing =
  | { readonly is: 'starting' }
  /** Nobody is logged in; the code of what ended the login before. */
  | { readonly is: 'outside'; readonly why?: string }
  | { readonly is: 'unreachable' }
  /** Another tab or device goes on in this place. */
  | { readonly is: 'displaced' }
  | { readonly is: 'inside'; readonly phone: Phone }

export interface NewUser {
  readonly firstname: string
  readonly lastname: string
  readonly phone_number: string
  readonly email: string
  readonly password: string
}

/** Whether somebody is logged in here, and the way in and out. */
export interface Session {
  readonly standing: Signal<Standing>
  readonly isOnline: Signal<boolean>
  /** Goes on where the page before left off. */
  start(): Promise<void>
  logIn(email: string, password: string, stay: boolean): Promise<void>
  register(user: NewUser): Promise<void>
  requestCode(email: string): Promise<void>
  resetPassword(email: string, code: string, newPassword: string): Promise<void>
  logOut(everywhere: boolean): Promise<void>
  deleteAccount(password: string): Promise<void>
  /** Goes on here, after another tab took over. */
  takeBack(): Promise<void>
}

export interface SessionOptions {
  readonly url: string
  readonly store: LoginStore
  readonly preferences: Preferences
  readonly onPhone: (phone: Phone) => void
}

const codeOf = (error: unknown) => (error as Partial<SwitchboardError>).code

export function createSession({ url, store, preferences, onPhone }: SessionOptions): Session {
  const standing = signal<Standing>({ is: 'starting' })
  const isOnline = signal(true)
  /** Somebody goes on purpose: nobody has to tell them why. */
  let isLeaving = false
  const options = () => ({ url, store, media: chosenMedia(preferences) })

  function enter(phone: Phone) {
    isOnline.value = phone.isOnline
    phone.on('online', () => {
      isOnline.value = true
    })
    phone.on('offline', () => {
      isOnline.value = false
    })
    phone.on('closed', ({ code }) => {
      if (code === 'closed') return
      if (code === 'displaced') standing.value = { is: 'displaced' }
      else standing.value = isLeaving ? { is: 'outside' } : { is: 'outside', why: code }
    })
    onPhone(phone)
    standing.value = { is: 'inside', phone }
  }

  async function leave(how: (phone: Phone) => Promise<void>) {
    const { value } = standing
    if (value.is !== 'inside') return
    isLeaving = true
    try {
      await how(value.phone)
    } finally {
      isLeaving = false
    }
  }

  async function start() {
    standing.value = { is: 'starting' }
    try {
      const phone = await Switchboard.restore(options())
      if (phone) enter(phone)
      else standing.value = { is: 'outside' }
    } catch (error) {
      const code = codeOf(error)
      if (code === 'displaced') standing.value = { is: 'displaced' }
      else standing.value = code === 'network' ? { is: 'unreachable' } : { is: 'outside', why: code ?? '' }
    }
  }

  return {
    standing,
    isOnline,
    start,
    async logIn(email, password, stay) {
      store.stay = stay
      enter(await Switchboard.login({ ...options(), email, password }))
    },
    register: async user => void (await Switchboard.register({ url, ...user })),
    requestCode: email => Switchboard.requestPasswordReset({ url, email }),
    resetPassword: (email, code, newPassword) => Switchboard.resetPassword({ url, email, code, newPassword }),
    logOut: everywhere => leave(phone => phone.logout(everywhere)),
    deleteAccount: password => leave(phone => phone.account.delete(password)),
    takeBack() {
      store.takeBack()
      return start()
    },
  }
}
