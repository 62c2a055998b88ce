import { downReference, upReference } from '@switchboard/protocol/reference'
import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { dialogue } from './dialogue.js'
import { holdDialogue } from './hold-dialogue.js'

const examplesOf = (reference: Readonly<Record<string, { readonly examples: object }>>) =>
  Object.entries(reference).flatMap(([message, { examples }]) =>
    Object.keys(examples).map(example => `${message} ${example}`),
  )

describe('the examples of the signaling reference', () => {
  const server = running({ env: { STUN_URLS: 'stun:stun.example.org:3478' } })

  it('are what a server takes and says', async () => {
    const caller = await server.join({ phone_number: '1234567890' })
    const callee = await server.join({ phone_number: '1212121212' })
    const heard = await holdDialogue(server.signal, { caller: caller.token, callee: callee.token })
    expect(heard.map(({ by, frame }) => ({ by, frame }))).toEqual(
      heard.map(({ by, example }) => ({ by, frame: example })),
    )
  })

  it('are all in the dialogue', () => {
    const sent = new Set(dialogue.map(({ message, example }) => `${message} ${example}`))
    expect(examplesOf(upReference).filter(each => !sent.has(each))).toEqual([])
    const heard = dialogue.flatMap(turn => turn.heard.map(({ message, example }) => `${message} ${example}`))
    expect(examplesOf(downReference).filter(each => !heard.includes(each))).toEqual([])
  })
})
