import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { ContactView, Phone, UserView } from '@switchboard/client'
import { writeNumber } from './number.js'

export type Presence = 'reachable' | 'in_call' | 'away'

/** Whom the user knows, and who the user is. */
export interface People {
  readonly me: Signal<UserView | undefined>
  readonly contacts: Signal<readonly ContactView[] | undefined>
  readonly blocked: Signal<readonly string[]>
  readonly sorted: ReadonlySignal<readonly ContactView[]>
  contact(number: string): ContactView | undefined
  nameOf(number: string): string
  /** Undefined: they have not added the user, so nobody knows. */
  presenceOf(number: string): Presence | undefined
  add(number: string): Promise<ContactView>
  remove(number: string): Promise<void>
  block(number: string): Promise<void>
  unblock(number: string): Promise<void>
  refresh(): Promise<void>
  look(): Promise<void>
  follow(phone: Phone): void
}

export function createPeople(): People {
  const me = signal<UserView>()
  const contacts = signal<readonly ContactView[]>()
  const blocked = signal<readonly string[]>([])
  const presence = signal<ReadonlyMap<string, Presence>>(new Map())
  let phone: Phone | undefined
  const here = () => {
    if (!phone) throw new Error('nobody is logged in')
    return phone
  }

  const contact = (number: string) => contacts.value?.find(({ phone_number }) => phone_number === number)

  async function look() {
    const all = await here()
      .contacts.presence()
      .catch(() => undefined)
    if (!all) return
    presence.value = new Map(
      all.map(({ phone_number, reachable, in_call }) => [
        phone_number,
        in_call ? 'in_call' : reachable ? 'reachable' : 'away',
      ]),
    )
  }
  async function refresh() {
    const { account, contacts: list, blocking } = here()
    const [user, page, numbers] = await Promise.all([account.get(), list.list(), blocking.list(), look()])
    me.value = user
    contacts.value = page.contacts
    blocked.value = numbers
  }
  return {
    me,
    contacts,
    blocked,
    sorted: computed(() => [...(contacts.value ?? [])].sort((a, b) => a.username.localeCompare(b.username))),
    contact,
    nameOf: number => contact(number)?.username ?? writeNumber(number),
    presenceOf: number => presence.value.get(number),
    async add(number) {
      const added = await here().contacts.add(number)
      contacts.value = [...(contacts.value ?? []), added]
      void look()
      return added
    },
    async remove(number) {
      await here().contacts.remove(number)
      contacts.value = contacts.value?.filter(({ phone_number }) => phone_number !== number)
    },
    async block(number) {
      await here().blocking.add(number)
      blocked.value = await here().blocking.list()
    },
    async unblock(number) {
      await here().blocking.remove(number)
      blocked.value = blocked.value.filter(each => each !== number)
    },
    refresh,
    look,
    follow(next) {
      phone = next
      me.value = undefined
      contacts.value = undefined
      presence.value = new Map()
    },
  }
}
