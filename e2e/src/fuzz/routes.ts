/** A route as the grammar starts from it: a request that is right, with placeholders for what only the server knows. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly access: 'public' | 'token' | 'reset'
  /** Members of the body, each the JSON text of its value. */
  readonly body?: Readonly<Record<string, string>>
  /** Hashes a password, or ends the login it came with: asked less often, so that the others are asked more. */
  readonly costly?: boolean
  /** Takes `limit` and `cursor`. */
  readonly pages?: boolean
}

const email = '"{{email}}"'
const wrongPassword = '"Kestrel marigold"'
const code = { email, verify_code: '"EXAMPLE123"' }

export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/create_user',
    access: 'public',
    costly: true,
    body: {
      firstname: '"First"',
      lastname: '"Last"',
      phone_number: '"{{freshNumber}}"',
      email: '"{{freshEmail}}"',
      password: '"SuperSecure"',
    },
  },
  {
    method: 'POST',
    path: '/login',
    access: 'public',
    costly: true,
    body: { email, password: '"{{password}}"' },
  },
  { method: 'GET', path: '/authenticate', access: 'token' },
  { method: 'GET', path: '/get_user', access: 'token' },
  { method: 'POST', path: '/add_contact', access: 'token', body: { contact_phonenumber: '"{{peer}}"' } },
  { method: 'GET', path: '/get_contacts', access: 'token', pages: true },
  { method: 'DELETE', path: '/delete_contact', access: 'token', body: { contact_phonenumber: '"{{peer}}"' } },
  { method: 'PUT', path: '/put_firstname', access: 'token', body: { firstname: '"aNewFirstname"' } },
  { method: 'PUT', path: '/put_lastname', access: 'token', body: { lastname: '"aNewLastname"' } },
  {
    method: 'PUT',
    path: '/put_phonenumber',
    access: 'token',
    costly: true,
    body: { phonenumber: '"{{freshNumber}}"', password: wrongPassword },
  },
  { method: 'GET', path: '/get_reset_password_code', access: 'public', body: { email } },
  { method: 'POST', path: '/get_reset_password_code', access: 'public', body: { email } },
  { method: 'GET', path: '/verify_reset_password_code', access: 'public', body: code },
  { method: 'POST', path: '/verify_reset_password_code', access: 'public', body: code },
  {
    method: 'PUT',
    path: '/put_password',
    access: 'reset',
    body: { email, new_password: '"betterPassword123"' },
  },
  {
    method: 'PUT',
    path: '/change_password',
    access: 'token',
    costly: true,
    body: { current_password: wrongPassword, new_password: '"betterPassword123"' },
  },
  { method: 'POST', path: '/logout', access: 'token', costly: true },
  { method: 'POST', path: '/logout_everywhere', access: 'token', costly: true },
  {
    method: 'DELETE',
    path: '/delete_user',
    access: 'token',
    costly: true,
    body: { password: wrongPassword },
  },
  { method: 'GET', path: '/export_user', access: 'token' },
  { method: 'GET', path: '/get_turn_credentials', access: 'token' },
  { method: 'GET', path: '/get_call_history', access: 'token', pages: true },
  { method: 'GET', path: '/get_presence', access: 'token' },
  { method: 'GET', path: '/get_settings', access: 'token' },
  {
    method: 'PUT',
    path: '/put_settings',
    access: 'token',
    body: { relay_only_for_strangers: 'true', calls_from_contacts_only: 'false' },
  },
  { method: 'PUT', path: '/block_number', access: 'token', body: { phone_number: '"{{freshNumber}}"' } },
  { method: 'DELETE', path: '/unblock_number', access: 'token', body: { phone_number: '"{{peer}}"' } },
  { method: 'GET', path: '/get_blocked', access: 'token' },
  { method: 'GET', path: '/health/live', access: 'public' },
  { method: 'GET', path: '/health/ready', access: 'public' },
  { method: 'GET', path: '/openapi.json', access: 'public' },
  { method: 'GET', path: '/docs', access: 'public' },
  { method: 'GET', path: '/.well-known/jwks.json', access: 'public' },
]
