import { expect, test } from 'vitest'
import { originPolicy } from './origins.js'

const policy = originPolicy(['https://app.example'], 'https://calls.example/base', () => [8080, 4000])
const isAllowed = (origin: string, host: string) => policy({ origin, host, encrypted: false })
const isAllowedOverTls = (origin: string, host: string) => policy({ origin, host, encrypted: true })

test('pages of our own host at our own ports, of the public URL and of the list may connect', () => {
  expect(isAllowed('http://127.0.0.1:8080', '127.0.0.1:4000')).toBe(true)
  expect(isAllowed('http://127.0.0.1:4000', '127.0.0.1:4000')).toBe(true)
  expect(isAllowed('http://calls.lan', 'calls.lan')).toBe(true)
  expect(isAllowed('https://calls.example', '10.0.0.7:4000')).toBe(true)
  expect(isAllowed('https://app.example', 'calls.lan')).toBe(true)
})

test('every other page may not, however alike', () => {
  const foreign = [
    'http://evil.example',
    'null',
    '',
    'https://app.example.evil.example',
    'https://evilapp.example',
    'http://app.example',
    'http://127.0.0.1:9999',
    'https://app.example:444',
  ]
  for (const origin of foreign) expect([origin, isAllowed(origin, '127.0.0.1:4000')]).toEqual([origin, false])
})

test('over TLS the same pages may connect when they came over TLS themselves', () => {
  expect(isAllowedOverTls('https://127.0.0.1:8080', '127.0.0.1:4000')).toBe(true)
  expect(isAllowedOverTls('https://calls.lan', 'calls.lan')).toBe(true)
  expect(isAllowedOverTls('https://calls.lan', 'calls.lan:443')).toBe(true)
  expect(isAllowedOverTls('https://calls.example', '10.0.0.7:4000')).toBe(true)
  expect(isAllowedOverTls('https://app.example', 'calls.lan')).toBe(true)
  expect(isAllowedOverTls('http://127.0.0.1:8080', '127.0.0.1:4000')).toBe(false)
  expect(isAllowedOverTls('http://calls.lan', 'calls.lan')).toBe(false)
  expect(isAllowedOverTls('null', 'calls.lan')).toBe(false)
})

test('behind a proxy that ends TLS and does not say so, pages come by https to a plain server', () => {
  expect(isAllowed('https://calls.lan', 'calls.lan')).toBe(true)
  expect(isAllowed('https://calls.lan.evil.example', 'calls.lan')).toBe(false)
})
