import fc from 'fast-check'

/** Texts that have broken somebody's parser, comparison, log or query before; as JSON, or nearly. */
const notable = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e308', '1e999', '9007199254740993'],
  ...[
    '01',
    '1.',
    '+1',
    '.5',
    '0x10',
    'NaN',
    'Infinity',
    'undefined',
    "'x'",
    '""',
    '[]',
    '{}',
    '[[]]',
    '[null]',
  ],
  ...[
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\ud83d"',
    '"\\ud83d\\ude00"',
    '"\\ufeff"',
  ],
  ...[
    '"\\u202e\\u200b"',
    '"\\u2028\\u2029"',
    '"１２３４５"',
    '"Ω\\u0301\\u0301"',
    '"ﬃ"',
    '"İı"',
    '"\\x41"',
    '"\u0001"',
  ],
  ...['"\\"', '"\\u12"', '"tab\there"', '"__proto__"', '"constructor"', '"toString"', '"%00%0d%0a"'],
  ...[
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{}}}',
    '{"toString":null}',
    '{"length":4294967295}',
  ],
  ...['{"then":{}}', '{"$gt":""}', '{"a":1,"a":2}', '{"0":0,"1":1}', '[1e400]', '{"":""}'],
  ...['"\' or 1=1; --"', '"\'; select pg_sleep(9); --"', '"<%= 7*7 %>{{7*7}}"', '"../../etc/passwd"'],
  ...[
    '"a\\r\\nBcc: eve@example.org"',
    '"*"',
    '">"',
    '"+"',
    '"(((("',
    '"1234567890"',
    '"12 12.12-(12) 12"',
    '"x@y"',
  ],
]

const repeated = fc
  .tuple(
    fc.constantFrom(
      'a',
      ' ',
      '"'.repeat(0),
      '9',
      'é',
      '😀',
      '\\\\',
      '\\"',
      '\\u0000',
      '(a+)+',
      '. ',
      '{',
      '[',
    ),
    fc.constantFrom(3, 41, 101, 255, 401, 1_025, 8_193, 17_000),
  )
  .map(([piece, times]) => `"${piece.repeat(Math.ceil(times / Math.max(1, piece.length)))}"`)

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"a":', '[['), fc.constantFrom(3, 7, 8, 9, 33, 2_000), fc.boolean())
  .map(([open, depth, closes]) => {
    const ends = [...open].filter(c => c === '[' || c === '{').reverse()
    const close = ends.map(c => (c === '[' ? ']' : '}')).join('')
    return open.repeat(depth) + (closes ? `1${close.repeat(depth)}` : '')
  })

const many = fc
  .tuple(fc.constantFrom(31, 33, 1_000), fc.boolean())
  .map(([count, isList]) =>
    isList
      ? `[${'0,'.repeat(count)}0]`
      : `{${Array.from({ length: count }, (_, n) => `"${n}":${n}`).join()}}`,
  )

/** The text of a value where another one was expected. */
export const oddValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...notable) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }).map(text => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 2, arbitrary: repeated },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: many },
)
