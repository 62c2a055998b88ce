import type {
  CallHistoryView,
  ContactsView,
  ContactView,
  ExportView,
  PresenceView,
  SettingsView,
  UserView,
} from '@switchboard/protocol'
import { query, type Rest } from './rest.js'

/** Which part of a list; without a cursor the first. */
export interface PageQuery {
  readonly limit?: number
  readonly cursor?: string
}

export const contacts = (rest: Rest) => ({
  list: (page?: PageQuery) => rest<ContactsView>('GET', `/get_contacts${query(page)}`),
  add: (number: string) => rest<ContactView>('POST', '/add_contact', { contact_phonenumber: number }),
  remove: (number: string) => rest('DELETE', '/delete_contact', { contact_phonenumber: number }),
  /** Who of the mutual contacts can be reached, and who is in a call. */
  presence: async () => (await rest<PresenceView>('GET', '/get_presence')).presence,
})
export type Contacts = ReturnType<typeof contacts>

export const blocking = (rest: Rest) => ({
  list: async () => (await rest<{ blocked: string[] }>('GET', '/get_blocked')).blocked,
  add: (number: string) => rest('PUT', '/block_number', { phone_number: number }),
  remove: (number: string) => rest('DELETE', '/unblock_number', { phone_number: number }),
})
export type Blocking = ReturnType<typeof blocking>

export const settings = (rest: Rest) => ({
  get: () => rest<SettingsView>('GET', '/get_settings'),
  /** Only what is given changes. */
  change: (change: Partial<SettingsView>) => rest<SettingsView>('PUT', '/put_settings', change),
})
export type Settings = ReturnType<typeof settings>

export const history = (rest: Rest) => (page?: PageQuery) =>
  rest<CallHistoryView>('GET', `/get_call_history${query(page)}`)

/** What a user sees and changes of the own account; `gone` hears that it is deleted. */
export const account = (rest: Rest, gone: () => void) => ({
  get: () => rest<UserView>('GET', '/get_user'),
  changeFirstname: (firstname: string) => rest<UserView>('PUT', '/put_firstname', { firstname }),
  changeLastname: (lastname: string) => rest<UserView>('PUT', '/put_lastname', { lastname }),
  /** The strict profile asks for the password. */
  changeNumber: (number: string, password?: string) =>
    rest<UserView>('PUT', '/put_phonenumber', {
      phonenumber: number,
      ...(password !== undefined && { password }),
    }),
  changePassword: (current: string, next: string) =>
    rest('PUT', '/change_password', { current_password: current, new_password: next }),
  export: () => rest<ExportView>('GET', '/export_user'),
  /** Deletes the account and everything stored about it. */
  delete: async (password: string) => {
    await rest('DELETE', '/delete_user', { password })
    gone()
  },
})
export type Account = ReturnType<typeof account>
