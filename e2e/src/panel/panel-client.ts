import { createHmac } from 'node:crypto'
import type { AdminErrorCode, Role, SessionView } from '@switchboard/protocol/admin'
import type { Product } from '../product.js'
import { type RestResponse, request } from '../rest-client.js'
import { type Operated, switchboard } from '../trust/operator.js'

export interface PanelAnswer extends RestResponse {
  readonly code: AdminErrorCode | undefined
}

/** One administrator's browser, as far as the server can tell. */
export interface PanelClient {
  get(path: string): Promise<PanelAnswer>
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<PanelAnswer>
  /** Looks at the session, and knows its CSRF token from then on. */
  session(): Promise<SessionView>
  signIn(name: string, password: string): Promise<PanelAnswer>
  /** What it has in its cookie jar. */
  cookie(): string | undefined
  /** Another browser that stole the cookie. */
  copy(): PanelClient
}

export function panelClient({ admin }: Pick<Product, 'admin'>, stolen?: string): PanelClient {
  let cookie = stolen
  let csrfToken: string | undefined

  async function ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ) {
    const answer = await request(admin, method, path, {
      headers: { ...(cookie && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    })
    const [written] = answer.headers['set-cookie'] ?? []
    if (written !== undefined) cookie = written.includes('Max-Age=0') ? undefined : written.split(';')[0]
    return { ...answer, code: answer.body.code as AdminErrorCode | undefined }
  }

  const post: PanelClient['post'] = (path, body = {}, headers = {}) =>
    ask('POST', path, { origin: admin, ...(csrfToken && { 'x-csrf-token': csrfToken }), ...headers }, body)
  return {
    get: path => ask('GET', path, {}),
    post,
    async session() {
      const { status, body } = await ask('GET', '/api/session', {})
      if (status !== 200) throw new Error(`no session: ${status} ${JSON.stringify(body)}`)
      const view = body as unknown as SessionView
      csrfToken = view.csrfToken
      return view
    },
    signIn: (name, password) => post('/api/sign_in', { name, password }),
    cookie: () => cookie,
    copy: () => panelClient({ admin }, cookie),
  }
}

/** An administrator whom the command line made, and the password that it printed. */
export async function createAdministrator(product: Operated, name: string, role: Role = 'owner') {
  const printed = await switchboard(product, 'admin', 'create', name, '--role', role)
  const password = /^password: (.+)$/m.exec(printed)?.[1]
  if (password === undefined) throw new Error(`no password: ${printed}`)
  return { name, role, password }
}

/** Made, signed in, and with the CSRF token known. */
export async function signedIn(
  product: Operated & Pick<Product, 'admin'>,
  name: string,
  role: Role = 'owner',
) {
  const administrator = await createAdministrator(product, name, role)
  const client = panelClient(product)
  const answer = await client.signIn(name, administrator.password)
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.text}`)
  const { administrator: view } = await client.session()
  return { ...administrator, id: view.id, client }
}

/** What an authenticator app shows (RFC 6238); `ago` steps before now. */
export function totpCode(secret: string, ago = 0): string {
  const bits = [...secret].map(char =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  )
  const bytes = (bits.join('').match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) - ago))
  const mac = createHmac('sha1', Buffer.from(bytes)).update(counter).digest()
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, '0')
}
