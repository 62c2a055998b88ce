// Which part may import which: ARCHITECTURE.md, "The arrows". Each rule says what to do instead. Imports of types count
// too: swc does not tell them apart, and a cycle of types is no easier to read.

const server = '^packages/server/src/'
const inServer = (...names) => `${server}(${names.join('|')})(/|[.]ts$)`

const leaves = [
  'refusal',
  'clock',
  'limits',
  'config',
  'log',
  'meter',
  'tracer',
  'bounded-map',
  'batched',
  'ids',
]
const core = ['directory', 'sessions', 'administrators', 'throttles', 'turn', 'mail', 'http', 'webhooks']
const outer = ['signaling', 'rest', 'storage', 'bus', 'admin', 'metrics', 'tracing']
const top = ['app', 'cli', 'main']
const placed = ['exchange', ...leaves, ...core, ...outer, 'cluster', ...top]

const tests = '([.]test|[.]testing|/testing[a-z-]*)[.]ts$'
/** The seam to the database: an interface, and what its failures are called. */
const databaseSeam = `${server}storage/(database|errors)[.]ts$`

/** What the cluster says to the others over, whoever carries it. */
const busSeam = `${server}bus/bus[.]ts$`

const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

export const forbidden = [
  rule('no-cycles', 'Move what both need into a third file.', {}, { circular: true }),
  rule('no-unresolved', 'The import leads nowhere.', {}, { couldNotResolve: true }),
  rule(
    'protocol-stands-alone',
    'The protocol is what goes over the wire; it knows nobody.',
    { path: '^packages/protocol/' },
    { path: '^(packages|e2e|bench)/', pathNot: '^packages/protocol/' },
  ),
  rule(
    'packages-meet-in-the-protocol',
    'Server, client and web know each other by the protocol alone (web also the client; the app starts scenarios).',
    { path: '^packages/(server|client)/' },
    { path: '^packages/', pathNot: '^packages/($1|protocol)/|^packages/scenarios/src/index[.]ts$' },
  ),
  rule(
    'scenarios-stand-on-the-client',
    'Scenario numbers are users of the SDK: what they need of the server is handed to them.',
    { path: '^packages/scenarios/' },
    { path: '^(packages|e2e|bench)/', pathNot: '^packages/(scenarios|client)/' },
  ),
  rule(
    'scenarios-are-loaded-when-asked-for',
    'Without the setting nothing of them is loaded: import() them in app/scenarios.ts.',
    { path: server, pathNot: tests },
    { path: '^packages/scenarios/', dynamic: false },
  ),
  rule(
    'the-kit-looks-from-outside',
    'The conformance kit knows the contract and a URL. What makes its files (making/) has them from the protocol.',
    { path: '^packages/conformance/', pathNot: '^packages/conformance/src/making/' },
    {
      path: '^(packages|e2e|bench)/|/conformance/src/making/',
      pathNot: '^packages/conformance/src/(?!making/)',
    },
  ),
  rule(
    'the-phone-stands-on-the-client',
    'The phone speaks to the server by the SDK alone.',
    { path: '^packages/web/', pathNot: '^packages/web/src/panel/' },
    { path: '^(packages|e2e|bench)/', pathNot: '^packages/(web|client)/' },
  ),
  rule(
    'phone-and-panel-meet-in-parts',
    'What both pages are made of stands in parts/ (or is a style or a text).',
    { path: '^packages/web/src/(ui|state|sound|parts|texts|main)' },
    { path: '^packages/web/src/panel/' },
  ),
  rule(
    'the-panel-knows-its-routes-alone',
    'The panel speaks to ADMIN_PORT in the shapes of protocol/admin, and shares parts and texts with the phone.',
    { path: '^packages/web/src/panel/' },
    {
      path: '^(packages|e2e|bench)/',
      pathNot: '^packages/(web/src/(panel|parts|texts)/|protocol/src/admin/)',
    },
  ),
  rule(
    'texts-and-state-know-no-screens',
    'Screens import state, sounds and texts; not the other way.',
    { path: '^packages/web/src/(texts|state|sound)/', pathNot: tests },
    { path: '^packages/web/src/(ui/|main)' },
  ),
  rule(
    'the-server-in-memory-is-for-tests',
    'The SDK does not carry the server that its users test with: it has an entry point of its own.',
    { path: '^packages/client/', pathNot: `^packages/client/src/in-memory/|${tests}` },
    { path: '^packages/client/src/in-memory/' },
  ),
  rule(
    'exchange-is-pure',
    'The exchange imports the protocol and itself: pass time, ids, limits and effects in.',
    { path: inServer('exchange'), pathNot: tests },
    { pathNot: `^packages/protocol/|${inServer('exchange')}` },
  ),
  rule(
    'leaves-know-nobody',
    'A leaf is imported by everybody, so it imports nobody of the server.',
    { path: inServer(...leaves), pathNot: tests },
    { path: server, pathNot: inServer(...leaves) },
  ),
  rule(
    'core-knows-no-adapters',
    'Directory, sessions, administrators, throttles, turn, mail, http and webhooks define the interface they need; adapters implement it.',
    { path: inServer(...core), pathNot: tests },
    { path: inServer('exchange', ...outer, 'cluster', ...top), pathNot: databaseSeam },
  ),
  rule(
    'adapters-meet-in-app',
    'Adapters do not know each other: let app.ts hand one to the other.',
    { path: inServer('signaling', 'rest', 'bus', 'admin', 'metrics', 'tracing'), pathNot: tests },
    { path: inServer(...outer, 'cluster'), pathNot: `${databaseSeam}|${server}$1/` },
  ),
  rule(
    'cluster-joins-signaling',
    'The cluster stands between homes and sessions of several nodes; the bus is a seam to it, and storage its rescue.',
    { path: inServer('cluster'), pathNot: tests },
    { path: inServer('rest', 'storage', 'bus', 'admin', 'metrics', 'tracing', ...top), pathNot: busSeam },
  ),
  rule(
    'storage-serves-all',
    'Storage implements the interfaces of those who store, the panel among them, and knows nobody else.',
    { path: inServer('storage'), pathNot: tests },
    { path: inServer('rest', 'bus', 'metrics', 'tracing') },
  ),
  rule(
    'nobody-imports-upwards',
    'What app.ts composes does not know app.ts, nor the command line.',
    { path: inServer('exchange', ...leaves, ...core, ...outer), pathNot: tests },
    { path: inServer(...top) },
  ),
  rule(
    'app-knows-no-command',
    'app.ts is started by the command line, not the other way.',
    { path: inServer('app') },
    {
      path: inServer('cli', 'main'),
    },
  ),
  rule(
    'tracing-is-loaded-when-asked-for',
    'Without a collector nothing of it is loaded: import() it where it is configured.',
    { pathNot: `${inServer('tracing')}|${tests}` },
    { path: inServer('tracing'), dynamic: false },
  ),
  rule('nobody-imports-main', 'main.ts is where the process begins.', {}, { path: inServer('main') }),
  rule(
    'every-part-has-a-place',
    'Give the new folder a place in .dependency-cruiser/arrows.mjs, and in ARCHITECTURE.md.',
    { path: server, pathNot: `${inServer(...placed)}|${tests}` },
    {},
  ),
  rule(
    'no-tests-in-the-product',
    'What only tests need stays in testing.ts and *.test.ts.',
    { path: '^packages/', pathNot: tests },
    { path: tests },
  ),
  rule(
    'nobody-imports-e2e',
    'e2e and bench stand outside and look on.',
    { path: '^packages/' },
    { path: '^(e2e|bench)/' },
  ),
  rule(
    'bench-looks-from-outside',
    'The bench knows the server as its users do; what starts processes it has from e2e.',
    { path: '^bench/' },
    { path: '^packages/' },
  ),
]
