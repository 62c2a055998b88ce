import type { IceServer } from '@switchboard/client'
import { expect, it } from 'vitest'
import { running } from '../running.js'
import { connect, handsets } from './handset.js'
import { weriftMedia } from './werift-media.js'

const urls = ['turn:127.0.0.1:9']
const server = running({ env: { TURN_URLS: urls.join(), TURN_SECRET: 'north'.repeat(8) } })
const { handset } = handsets(server)

it('who answers has credentials for the call, who calls has credentials before there is one', async () => {
  const given = { caller: [] as IceServer[], callee: [] as IceServer[] }
  const phone = (side: keyof typeof given) => {
    const media = weriftMedia()
    return handset(undefined, {
      media: {
        open: options => {
          given[side].push(...options.iceServers)
          return media.open({ ...options, iceServers: [] })
        },
      },
    })
  }
  const [call] = await connect(await phone('caller'), await phone('callee'))
  const id = /^[\w-]{16}$/.source.slice(1, -1)
  expect(given.caller).toMatchObject([{ urls, username: expect.stringMatching(new RegExp(`^\\d+:${id}$`)) }])
  expect(given.callee).toMatchObject([
    {
      urls,
      username: expect.stringMatching(new RegExp(`^\\d+:${call.id}\\.${id}$`)),
      credential: expect.any(String),
    },
  ])
})
