import { expect, test } from 'vitest'
import { keepTranscript } from './transcript.js'

const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS1zZXJ2ZXI'

test('a dialogue shows no token, password, code or credential', () => {
  let now = 5
  const transcript = keepTranscript(() => now)
  transcript.secret('CODE234567', 'code')
  transcript.secret(jwt, 'token of ada')
  now = 12
  transcript.add('ada', '→', `{"REASON":"connect","TOKEN":"${jwt}"}`)
  transcript.add('-', '→', 'POST /login {"email":"a@example.org","password":"SuperSecure"}')
  transcript.add('-', '←', `200 {"token":"${jwt.replace('sign', 'SIGN')}x","credential":"c2VjcmV0"}`)
  transcript.add('-', '→', 'GET /verify_reset_password_code {"verify_code":"CODE234567"}')
  const text = transcript.lines.map(line => line.text).join('\n')
  expect(transcript.lines[0]).toEqual({
    atMs: 7,
    who: 'ada',
    direction: '→',
    text: '{"REASON":"connect","TOKEN":"<token of ada>"}',
  })
  for (const secret of [jwt, 'SuperSecure', 'CODE234567', 'c2lnbmF', 'c2VjcmV0'])
    expect(text).not.toContain(secret)
})

test('a long line is cut, and says how long it was', () => {
  const transcript = keepTranscript(() => 0)
  transcript.add('ada', '→', 'x'.repeat(5_000))
  expect(transcript.lines[0]?.text).toMatch(/x… \(5000 characters\)$/)
})
