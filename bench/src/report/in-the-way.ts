import type { Verdict } from '../scenarios/scenario.js'

/** By what a case's name begins with: where the time goes that the target does not allow, as CPU profiles show it. */
const reasons: readonly (readonly [string, string])[] = [
  [
    'nodes-',
    'Both nodes read the message, and between them it is put into a line, published, numbered and taken in order; one node got cheaper by more than that.',
  ],
  [
    'R',
    'A frame is read for its bounds and for members said twice before it is parsed, checked by its schema, counted against the limits, judged by the rules of its call, numbered, and kept for replay. The floor parses it and passes the bytes on. What is left of the two is `ws` and system calls, which both pay.',
  ],
  [
    'S',
    'The same for 4 KB, and another copy: what is kept for replay is not what came, for it has `SEQ` and the sender in front.',
  ],
  [
    'C',
    'Some 22 % of the process’s time is PostgreSQL’s driver and the values it is given: a row and six lines of its trace a call. Then the ten candidates each way (see R8), the look-up of the callee, and the ping that tells whether the ring was got.',
  ],
  [
    'K',
    'To verify an ES256 token takes 50 to 60 µs by itself, half of what the whole connection costs the floor, whose HS256 takes 4; a token seen before is not verified again, and every token here is new. Then the statement that reads the login: under four connections share one, for they come one after the other. Then the session, its place among the user’s devices, credentials of the relay, and what is kept of it until it cannot come back any more.',
  ],
  [
    'get_contacts',
    'Twenty rows of nine columns, which become contacts and then what the answer names; the floor asks for four and sends the rows. Besides, schemas, limits and the session behind the token, as in get_user.',
  ],
  [
    'get_',
    'Schemas, limits, the session behind the token, presence, and fields that are named one by one; the floor trusts its header and sends the rows.',
  ],
  [
    'L',
    'Hashing threads, PostgreSQL, server and load share two cores: the wait is for a core, not for the event loop.',
  ],
  ['M', 'What a connection has beside the floor’s: session, limits, presence, and the token it came by.'],
  [
    'start',
    'The embedded PostgreSQL takes 0.3 to 0.4 s of it, loading modules most of the rest; elapsed time has in it whoever else uses the machine.',
  ],
  [
    'resident',
    'An empty Node process has 39 MiB. The rest is code and what it is compiled to: the schemas’ library (683 modules), REST with OpenAPI, the driver, the panel; and until V8 collects for an idle process, half a minute after the start, 32 MiB of young generation.',
  ],
]

/** Where the same work is compared with more of something beside it. */
const grown =
  'Not proven yet. What reads costs PostgreSQL more: contacts and whom they lead to then lie on pages of their own, which do not fit the 32 MB that the embedded one keeps. What needs no database differs from process to process, and by who else used the core.'

/** Missed targets, and what stands in their way. */
export const inTheWay = (missed: readonly Verdict[]): readonly string[] =>
  [...new Set(missed.map(({ what }) => what))].map(what => {
    const reason = /\d (users|connections)$/.test(what)
      ? grown
      : reasons.find(([start]) => what.startsWith(start))?.[1]
    return `- **${what}**: ${reason ?? 'not looked into yet.'}`
  })
