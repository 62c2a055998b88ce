import fc from 'fast-check'
import { type Bytes, utf8 } from './bytes.js'
import { jsonText, type Members } from './json-texts.js'
import { oddValue } from './odd-values.js'
import { mangledTokens } from './placeholders.js'
import { type Route, routes } from './routes.js'

/** How the length of the body is told; all but the first three are wrong in some way. */
const wrongFramings = [
  'short',
  'long',
  'both',
  'twice',
  'negative',
  'text',
  'huge',
  'open',
  'badChunk',
  'extension',
] as const
export type Framing = 'exact' | 'none' | 'chunked' | (typeof wrongFramings)[number]

/** One HTTP request, as it will stand on the wire once its placeholders are filled. */
export interface RequestInput {
  readonly port: 'api' | 'signal'
  readonly method: string
  readonly target: Bytes
  readonly headers: readonly (readonly [name: Bytes, value: Bytes])[]
  readonly body: Bytes
  readonly framing: Framing
  /** Nothing in it can make the two ends disagree about where it stops: it may share a connection. */
  readonly orderly: boolean
}

const json = ['content-type', 'application/json'] as const

const contentType = fc.oneof(
  { weight: 14, arbitrary: fc.constant([json]) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      [['content-type', 'application/json; charset=utf-8'] as const],
      [['content-type', 'APPLICATION/JSON;charset="UTF8"'] as const],
      [['content-type', 'application/json; charset=utf-16'] as const],
      [['content-type', 'application/json; charset=utf-7; x'] as const],
      [['content-type', 'text/plain'] as const],
      [['content-type', 'application/x-www-form-urlencoded'] as const],
      [['content-type', 'multipart/form-data; boundary='] as const],
      [['content-type', ''] as const],
      [['content-type', ';;;='] as const],
      [json, ['content-encoding', 'gzip'] as const],
      [json, ['content-type', 'text/xml'] as const],
      [],
    ),
  },
)

const authorization = (access: Route['access']) =>
  fc
    .oneof(
      {
        weight: access === 'token' ? 16 : 1,
        arbitrary: fc.constantFrom('{{token}}', 'Bearer {{token}}', 'bEaReR   {{token}}'),
      },
      { weight: access === 'public' ? 16 : 1, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constantFrom(...mangledTokens) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          'Bearer',
          'Bearer ',
          'Basic YTpi',
          '{{token}} {{token}}',
          '.',
          '..',
          'null',
          '\xff\xfe',
          '=?',
        ),
      },
    )
    .map(value => (value === undefined ? [] : [['authorization', value] as const]))

const oddHeader: fc.Arbitrary<readonly [string, string]> = fc.constantFrom<readonly [string, string]>(
  ['__proto__', 'x'],
  ['constructor', '{}'],
  ['x-forwarded-for', '::ffff:127.0.0.1, 10.0.0.1, <script>'],
  ['x-forwarded-proto', 'gopher'],
  ['x-http-method-override', 'DELETE'],
  ['origin', 'null'],
  ['origin', 'https://evil.example'],
  ['accept', 'text/html;q=9'],
  ['accept-encoding', 'gzip;q=nan, br'],
  ['cookie', 'a=b; __proto__=x; =; ;'],
  ['x-request-id', '\x80\xff'],
  ['range', 'bytes=0-,-1'],
  ['if-none-match', '*'],
  ['x', 'y'.repeat(9_000)],
  ['referer', '//%00'],
  ['content-language', ''],
)

/** Fields that may change what the request is; on a connection of its own. */
const wildHeader: fc.Arbitrary<readonly [string, string]> = fc.constantFrom<readonly [string, string]>(
  ['expect', '100-continue'],
  ['expect', '200-maybe'],
  ['upgrade', 'websocket'],
  ['connection', 'upgrade, close, __proto__'],
  ['transfer-encoding', 'gzip, chunked, x'],
  ['te', 'trailers'],
  ['trailer', 'content-length'],
  ['host', 'a b'],
  ['bad name', 'x'],
  ['x\x00', 'x'],
  ['obs', 'a\r\n fold'],
  ['nul', 'a\x00b'],
  ['inject', 'a\nx-b: c'],
  ['', 'no name'],
  ['sec-websocket-key', 'x'],
  ['big', 'y'.repeat(20_000)],
  ['http2-settings', 'AAMAAABkAAQAAP__'],
)

/** Every byte escaped; half a surrogate pair becomes U+FFFD, where `encodeURIComponent` throws. */
const percent = (text: string) => Buffer.from(text, 'utf8').toString('hex').replaceAll(/../g, '%$&')

const oddQuery = fc.oneof(
  fc.constantFrom(
    ...[
      '?',
      '?limit=',
      '?limit=0',
      '?limit=-1',
      '?limit=1e3',
      '?limit=201',
      '?limit=99999999999',
      '?limit=1&limit=2',
    ],
    ...[
      '?cursor=',
      '?cursor=%00',
      '?cursor=__proto__',
      '?__proto__=1',
      '?limit[]=1',
      '?limit[__proto__]=1',
      '?cursor=a%FF',
    ],
    ...[
      "?cursor='%20or%201=1",
      '?limit=1&cursor=AAAA',
      '?email=a@b.cd&verify_code=EXAMPLE123',
      '?%',
      '?&&==&',
      '?a=b#c',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).map(text => `?cursor=${percent(text)}`),
  oddValue.map(text => `?limit=${percent(text.slice(0, 300))}`),
)

const oddPath = fc.constantFrom(
  ...[
    '/',
    '//',
    '/%',
    '/%00',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/login/',
    '/LOGIN',
    '/login%2f',
    '/docs/../login',
    '/docs/%5c..',
  ],
  ...[
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/x',
    '/docs/',
    '/openapi.json',
    '/health/live',
    '/health/ready',
  ],
  ...[
    '/.well-known/jwks.json',
    '/signal',
    '/metrics',
    '/__proto__',
    '/constructor',
    '*',
    'http://x/login',
    '/a'.repeat(900),
    '/\xff',
  ],
)

const members = (route: Route): fc.Arbitrary<Members> => fc.constant(Object.entries(route.body ?? {}))

const known = fc.oneof(
  ...routes.map(route => ({ weight: route.costly ? 1 : 5, arbitrary: fc.constant(route) })),
)
const anyMethod = fc.constantFrom(
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
)

/** A request that ends where it says; all that is wrong is in it. */
const orderly: fc.Arbitrary<RequestInput> = known.chain(route =>
  fc
    .record({
      method: fc.oneof(
        { weight: 14, arbitrary: fc.constant(route.method) },
        { weight: 1, arbitrary: anyMethod },
      ),
      path: fc.oneof({ weight: 20, arbitrary: fc.constant(route.path) }, { weight: 1, arbitrary: oddPath }),
      query: fc.oneof(
        { weight: route.pages ? 3 : 12, arbitrary: fc.constant('') },
        { weight: 1, arbitrary: oddQuery },
      ),
      type: contentType,
      token: authorization(route.access),
      odd: fc.oneof(
        { weight: 9, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(oddHeader, { maxLength: 3 }) },
      ),
      body: jsonText(members(route)),
      port: fc.oneof(
        { weight: 15, arbitrary: fc.constant('api' as const) },
        { weight: 1, arbitrary: fc.constant('signal' as const) },
      ),
      chunked: fc.boolean(),
    })
    .map(({ method, path, query, type, token, odd, body, port, chunked }) => ({
      port,
      method,
      target: utf8(path + query),
      headers: [...(body === '' ? [] : type), ...token, ...odd],
      body,
      framing: body === '' ? 'none' : chunked && method !== 'HEAD' ? 'chunked' : 'exact',
      orderly: true,
    })),
)

/** A request whose very form is wrong. */
const wild: fc.Arbitrary<RequestInput> = fc
  .tuple(
    orderly,
    fc.constantFrom(...wrongFramings, 'exact' as const, 'exact' as const),
    fc.array(wildHeader, { maxLength: 2 }),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('CONNECT', 'get', 'FOO', '', 'GET GET', 'G\x00T', 'PRI') },
    ),
    fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(99, 101, 2_500) },
    ),
  )
  .map(([request, framing, headers, method, count]) => ({
    ...request,
    method: method ?? request.method,
    framing,
    headers: [
      ...request.headers,
      ...headers,
      ...Array.from({ length: count }, (_, n) => [`x-${n}`, 'y'] as const),
    ],
    orderly: false,
  }))

export const anyRequest: fc.Arbitrary<RequestInput> = fc.oneof(
  { weight: 6, arbitrary: orderly },
  { weight: 1, arbitrary: wild },
)
