import { expect, test } from 'vitest'
import { formatFor } from './negotiate.js'

const open = 'application/openmetrics-text'

test.each([
  ['nothing', undefined, 'prometheus'],
  ['a browser', 'text/html,application/xhtml+xml,*/*;q=0.8', 'prometheus'],
  ['curl', '*/*', 'prometheus'],
  ['an old Prometheus', 'text/plain;version=0.0.4;q=1,*/*;q=0.1', 'prometheus'],
  [
    'Prometheus',
    `${open};version=1.0.0,${open};version=0.0.1;q=0.75,text/plain;q=0.5,*/*;q=0.1`,
    'openmetrics',
  ],
  ['who likes text better', `${open};q=0.4, text/plain;q=0.5`, 'prometheus'],
  ['who likes both', `${open}, text/plain`, 'openmetrics'],
  ['who does not want it', `${open};q=0, */*`, 'prometheus'],
  ['who knows another version only', `${open}; version=2.0.0`, 'prometheus'],
  ['nonsense', ';;q=x,,', 'prometheus'],
])('%s', (_who, accept, format) => {
  expect(formatFor(accept)).toBe(format)
})
