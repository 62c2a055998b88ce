import { afterAll, expect, test } from 'vitest'
import { type Coturn, ownAddress, startCoturn } from '../../../packages/server/src/turn/coturn.testing.js'
import { handsets, reaches, soon } from '../client/handset.js'
import { weriftMedia } from '../client/werift-media.js'
import { running } from '../running.js'

const secret = 'a secret of the relay for this file alone'
let coturn: Coturn | undefined
const server = running({
  env: async () => {
    coturn = await startCoturn({ secrets: [secret], options: ['--allowed-peer-ip', ownAddress()] })
    return { SCENARIO_NUMBERS: 'on', TURN_URLS: `turn:127.0.0.1:${coturn.port}`, TURN_SECRET: secret }
  },
})
afterAll(() => coturn?.stop())
const { handset } = handsets(server)

test('the number that is relayed sends back what it gets, and is found at the relay alone', async () => {
  const media = weriftMedia({ address: ownAddress() })
  const caller = await handset(undefined, { media })
  const call = await caller.phone.call('0000008')
  await reaches(call, 'connected')
  const back = media.flows()
  media.sendAudio(20)
  await soon('RTP that comes back', back)
  expect(media.remoteCandidates.length).toBeGreaterThan(0)
  for (const candidate of media.remoteCandidates) expect(candidate).toContain(' typ relay')
  call.hangUp()
  expect((await call.over).cause).toBe('hung_up')
})
