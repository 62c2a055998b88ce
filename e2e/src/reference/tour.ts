/** Whose token a request carries, by the name of a variable. */
export type Token = 'token' | 'friend_token' | 'reset_token'

/** One request, and what must come of it. `{{name}}` in a body is a variable. */
export interface Step {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly auth?: Token
  readonly status: number
  /** Of a refusal. */
  readonly code?: string
  /** Which variable keeps the answer's `token`. */
  readonly keeps?: Token
}

export interface Folder {
  readonly name: string
  readonly about: string
  readonly steps: readonly Step[]
}

const me = {
  firstname: 'First',
  lastname: 'Last',
  phone_number: '1234567890',
  email: 'somenice@domain.yup',
  password: 'SuperSecure',
}
const friend = { ...me, lastname: 'Friend', phone_number: '1212121212', email: 'friend@domain.yup' }
const mine = { email: me.email, password: me.password }
const theirs = { email: friend.email, password: friend.password }
const contact = { contact_phonenumber: friend.phone_number }
const blocked = { phone_number: '1414141414' }
const auth = 'token'

const step = (
  method: Step['method'],
  path: string,
  status: number,
  name: string,
  more: Omit<Step, 'name' | 'method' | 'path' | 'status'> = {},
): Step => ({ name, method, path, status, ...more })

const refused = (
  method: Step['method'],
  path: string,
  status: number,
  code: string,
  name: string,
  more: Omit<Step, 'name' | 'method' | 'path' | 'status' | 'code'> = {},
): Step => ({ name, method, path, status, code, ...more })

/** The first: two people come, and are logged in. */
export const arrival: Folder = {
  name: 'Register and log in',
  about: 'Two people, so that one can be the contact of the other.',
  steps: [
    step('POST', '/create_user', 201, 'Create a user', { body: me }),
    step('POST', '/create_user', 201, 'Create a friend', { body: friend }),
    refused('POST', '/create_user', 409, 'already_registered', 'The number is taken', { body: me }),
    refused('POST', '/create_user', 400, 'weak_password', 'The password is one of the commonest', {
      body: { ...me, phone_number: '1515151515', email: 'third@domain.yup', password: 'password' },
    }),
    refused('POST', '/create_user', 400, 'invalid_request', 'A name is missing', {
      body: { ...mine, lastname: 'Last', phone_number: '1515151515' },
    }),
    step('POST', '/login', 200, 'Log in', { body: mine, keeps: 'token' }),
    refused('POST', '/login', 401, 'invalid_credentials', 'Wrong password', {
      body: { ...mine, password: 'NotMine42' },
    }),
    step('POST', '/login', 200, 'The friend logs in', { body: theirs, keeps: 'friend_token' }),
    step('GET', '/authenticate', 200, 'Renew the token', { body: {}, auth, keeps: 'token' }),
  ],
}

const profile: Folder = {
  name: 'Profile and settings',
  about: 'What is stored about you, and changing it.',
  steps: [
    step('GET', '/get_user', 200, 'Your own data', { body: {}, auth }),
    refused('GET', '/get_user', 401, 'invalid_token', 'Without a token', { body: {} }),
    step('PUT', '/put_firstname', 200, 'Change the first name', {
      body: { firstname: 'aNewFirstname' },
      auth,
    }),
    step('PUT', '/put_lastname', 200, 'Change the last name', { body: { lastname: 'aNewLastname' }, auth }),
    step('GET', '/get_settings', 200, 'Settings', { auth }),
    step('PUT', '/put_settings', 200, 'Relay alone between strangers', {
      body: { relay_only_for_strangers: true },
      auth,
    }),
  ],
}

const contacts: Folder = {
  name: 'Contacts',
  about: 'A contact is a user, not a number.',
  steps: [
    step('POST', '/add_contact', 201, 'Add a contact', { body: contact, auth }),
    refused('POST', '/add_contact', 409, 'contact_exists', 'It is there already', { body: contact, auth }),
    refused('POST', '/add_contact', 404, 'user_not_found', 'Nobody has this number', {
      body: { contact_phonenumber: '1515151515' },
      auth,
    }),
    refused('POST', '/add_contact', 400, 'cannot_add_self', 'Your own number', {
      body: { contact_phonenumber: me.phone_number },
      auth,
    }),
    step('POST', '/add_contact', 201, 'The friend adds you', {
      body: { contact_phonenumber: me.phone_number },
      auth: 'friend_token',
    }),
    step('GET', '/get_contacts', 200, 'Your contacts', { body: {}, auth }),
    step('GET', '/get_presence', 200, 'Who can be called', { auth }),
    step('DELETE', '/delete_contact', 204, 'Delete a contact', { body: contact, auth }),
    refused('DELETE', '/delete_contact', 404, 'contact_not_found', 'It is gone', { body: contact, auth }),
  ],
}

const blocking: Folder = {
  name: 'Blocking',
  about: 'To a caller who is blocked you are unavailable.',
  steps: [
    step('PUT', '/block_number', 204, 'Block a number', { body: blocked, auth }),
    step('GET', '/get_blocked', 200, 'Blocked numbers', { auth }),
    step('DELETE', '/unblock_number', 204, 'Unblock it', { body: blocked, auth }),
  ],
}

const calls: Folder = {
  name: 'Calls',
  about: 'The calls themselves go over the WebSocket.',
  steps: [
    step('GET', '/get_call_history?limit=2', 200, 'The newest calls', { auth }),
    step('GET', '/get_turn_credentials', 200, 'ICE servers', { auth }),
    refused(
      'GET',
      '/get_turn_credentials?call_id=nothing',
      404,
      'no_call',
      'For a call that you are not in',
      {
        auth,
      },
    ),
    step('GET', '/export_user', 200, 'Everything stored about you', { auth }),
  ],
}

/** After the export: until its mail has left, the export has that too. */
const number: Folder = {
  name: 'Change the number',
  about: 'Contacts follow a user to another number.',
  steps: [
    step('PUT', '/put_phonenumber', 200, 'Change the number', { body: { phonenumber: '1313131313' }, auth }),
    refused('PUT', '/put_phonenumber', 409, 'phone_number_taken', 'Somebody has it', {
      body: { phonenumber: friend.phone_number },
      auth,
    }),
  ],
}

const server: Folder = {
  name: 'Server',
  about: 'For probes and for those who verify tokens.',
  steps: [
    step('GET', '/health/live', 200, 'The process answers'),
    step('GET', '/health/ready', 200, 'Requests may come'),
    step('GET', '/.well-known/jwks.json', 200, 'The public keys'),
  ],
}

const passwords: Folder = {
  name: 'Passwords',
  about: 'The last two have a code mailed; it goes into the variables `reset_code` and `friend_reset_code`.',
  steps: [
    step('PUT', '/change_password', 204, 'Change the password', {
      body: { current_password: me.password, new_password: 'anotherPassword123' },
      auth,
    }),
    refused('PUT', '/change_password', 401, 'invalid_credentials', 'The old one is not right any more', {
      body: { current_password: me.password, new_password: 'anotherPassword123' },
      auth,
    }),
    step('GET', '/get_reset_password_code', 202, 'Ask for a code', { body: { email: me.email } }),
    step('POST', '/get_reset_password_code', 202, 'The same, from a browser', {
      body: { email: friend.email },
    }),
  ],
}

/** What the codes of the mails are needed for. */
const recovery: Folder = {
  name: 'Reset the password',
  about: 'Needs the codes of the two mails. Ends with both people deleted: the tour can begin anew.',
  steps: [
    refused('GET', '/verify_reset_password_code', 400, 'invalid_code', 'A wrong code', {
      body: { email: me.email, verify_code: 'WRONGCODE2' },
    }),
    step('GET', '/verify_reset_password_code', 200, 'Trade the code for a token', {
      body: { email: me.email, verify_code: '{{reset_code}}' },
      keeps: 'reset_token',
    }),
    refused('PUT', '/put_password', 403, 'wrong_account', "Somebody else's account", {
      body: { email: friend.email, new_password: 'betterPassword123' },
      auth: 'reset_token',
    }),
    step('PUT', '/put_password', 204, 'Set a new password', {
      body: { email: me.email, new_password: 'betterPassword123' },
      auth: 'reset_token',
    }),
    step('POST', '/verify_reset_password_code', 200, 'The same, from a browser', {
      body: { email: friend.email, verify_code: '{{friend_reset_code}}' },
    }),
    step('POST', '/login', 200, 'Log in with the new password', {
      body: { email: me.email, password: 'betterPassword123' },
      keeps: 'token',
    }),
    step('POST', '/logout', 204, 'Log out', { auth }),
    refused('GET', '/get_user', 401, 'invalid_token', 'The token is dead', { auth }),
    step('POST', '/login', 200, 'Log in again', {
      body: { email: me.email, password: 'betterPassword123' },
      keeps: 'token',
    }),
    step('DELETE', '/delete_user', 204, 'Delete the account', {
      body: { password: 'betterPassword123' },
      auth,
    }),
    step('POST', '/login', 200, 'The friend logs in', { body: theirs, keeps: 'friend_token' }),
    step('POST', '/logout_everywhere', 204, 'Log out everywhere', { auth: 'friend_token' }),
    step('POST', '/login', 200, 'The friend logs in again', { body: theirs, keeps: 'friend_token' }),
    step('DELETE', '/delete_user', 204, 'Delete the friend', {
      body: { password: friend.password },
      auth: 'friend_token',
    }),
  ],
}

/** What needs no mail, in order; and what needs the codes. */
export const beforeMail: readonly Folder[] = [
  arrival,
  profile,
  contacts,
  blocking,
  calls,
  number,
  server,
  passwords,
]
export const afterMail: readonly Folder[] = [recovery]
export const folders: readonly Folder[] = [...beforeMail, ...afterMail]

/** Who asks for codes, by the variable that takes it. */
export const mailed = { reset_code: me.email, friend_reset_code: friend.email } as const
