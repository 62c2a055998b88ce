import { verdictCodes } from '@switchboard/protocol/admin'
import { expect, it } from 'vitest'
import { en } from './en.js'
import { sv } from './sv.js'
import { verdictText } from './verdict.js'

const seconds = (value: number) => `${value} s`

it('every verdict of the server has a sentence, and says whether it rang', () => {
  for (const { call } of [en, sv]) expect(Object.keys(call.verdicts).sort()).toEqual([...verdictCodes].sort())
  const rang = { code: 'no_answer', rang: true, devices: 2, secondsToRing: 0.5 } as const
  expect(verdictText(rang, en.call, seconds)).toBe(
    'It rang on 2 devices, 0.5 s after the call began. Nobody answered in time.',
  )
  const silent = { code: 'busy', rang: false, devices: 0, secondsToRing: null } as const
  expect(verdictText(silent, en.call, seconds)).toBe('The called was in another call.')
})

it('a verdict that is newer than the page is owned up to', () => {
  const odd = { code: 'toString' as 'unknown', rang: false, devices: 0, secondsToRing: null }
  expect(verdictText(odd, en.call, seconds)).toBe(en.call.verdicts.unknown)
})
