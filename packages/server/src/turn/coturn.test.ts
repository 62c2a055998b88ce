import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Coturn, ownAddress, startCoturn } from './coturn.testing.js'
import { iceServers, turnId } from './credentials.js'
import type { Allocation, TurnAccount, TurnClient } from './turn-client.js'

const [north, south] = ['north'.repeat(8), 'south'.repeat(8)]

/** What a client is given under these secrets: one account for each. */
function accounts(secret: string, options: { previous?: string; id?: string; at?: number } = {}) {
  const turn = {
    turnUrls: ['turn:x'],
    stunUrls: [],
    secret,
    previousSecret: options.previous,
    ttlSeconds: 60,
  }
  return iceServers(turn, options.at ?? Date.now(), options.id ?? 'mara') as (TurnAccount & {
    urls: string[]
  })[]
}
const account = (...args: Parameters<typeof accounts>) => accounts(...args)[0] as TurnAccount

const special = {
  ipv4: [
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.254', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1'],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
  ],
  ipv6: [
    ...[
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:9.9.9.9',
      '::ffff:0:127.0.0.1',
    ],
    ...[
      '64:ff9b::127.0.0.1',
      '64:ff9b::a9fe:a9fe',
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:2::1',
      '2001:10::1',
    ],
    ...[
      '2001:db8::1',
      '2002:7f00:1::',
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fd00::2',
      'fe80::1',
      'fec0::1',
      'ff02::1',
    ],
  ],
}
const ordinary = { ipv4: ['9.9.9.9', '11.0.0.1', '172.32.0.1'], ipv6: ['2620:fe::fe', '2a00:1450:4001::1'] }

describe('coturn with the configuration that we ship', () => {
  let coturn: Coturn
  const clients = new Set<TurnClient>()
  const client = (of = coturn) => {
    const made = of.client()
    clients.add(made)
    return made
  }
  beforeAll(async () => {
    // The relay's own address is private here, as it is behind NAT; the configuration says how to let it in.
    coturn = await startCoturn({ secrets: [north], options: ['--allowed-peer-ip', ownAddress()] })
  })
  afterEach(() => {
    for (const each of clients) each.close()
    clients.clear()
  })
  afterAll(() => coturn.stop())

  describe.each(['ipv4', 'ipv6'] as const)('of %s', family => {
    it('refuses every special address as a peer', async () => {
      const relay = await client().allocate(account(north), family)
      const answers = await Promise.all(
        special[family].map(async address => [address, await permitted(relay, address)] as const),
      )
      const own = ownAddress()
      expect(answers.filter(([address, answer]) => answer !== 403 && address !== own)).toEqual([])
    })

    it('lets ordinary ones through', async () => {
      const relay = await client().allocate(account(north), family)
      for (const address of ordinary[family])
        expect([address, await permitted(relay, address)]).toEqual([address, 'granted'])
    })
  })

  it('relays between two clients, and says how much for which call', async () => {
    const call = '01890a5d-ac96-774b-bcce-b302099a8057'
    const parties = ['mara', 'ines'].map(user => turnId({ secret: north }, user, call))
    const [one, other] = [client(), client()]
    const [here, there] = await Promise.all([
      one.allocate(account(north, { id: parties[0] as string })),
      other.allocate(account(north, { id: parties[1] as string })),
    ])
    await Promise.all([here.permit(there.relayed), there.permit(here.relayed)])
    here.send(there.relayed, Buffer.from('hello'))
    expect(await there.received()).toEqual({ from: here.relayed, data: Buffer.from('hello') })
    there.send(here.relayed, Buffer.from('hello yourself'))
    expect(await here.received()).toEqual({ from: there.relayed, data: Buffer.from('hello yourself') })

    await Promise.all([here.end(), there.end()])
    for (const party of parties) {
      const usage = new RegExp(
        `usage: .*username=<\\d+:${party.replace('.', '\\.')}>.* rb=[1-9]\\d*, .* sb=[1-9]`,
      )
      await expect.poll(coturn.logs).toMatch(usage)
    }
  })

  it('knows no other secret, no expired user name and no altered one', async () => {
    const good = account(north)
    const refused = { code: 401 }
    await expect(client().allocate(account(south))).rejects.toMatchObject(refused)
    await expect(client().allocate(account(north, { at: Date.now() - 120_000 }))).rejects.toMatchObject(
      refused,
    )
    await expect(client().allocate({ ...good, username: `9${good.username}` })).rejects.toMatchObject(refused)
    await client().allocate(good)
  })

  it('gives one user twelve relays, whatever the credentials, and another one still some', async () => {
    const greedy = Array.from({ length: 12 }, (_, n) =>
      client().allocate(account(north, { id: 'greedy', at: Date.now() + n * 1_000 })),
    )
    await Promise.all(greedy)
    await expect(client().allocate(account(north, { id: 'greedy' }))).rejects.toMatchObject({ code: 486 })
    await client().allocate(account(north, { id: 'modest' }))
  })
})

describe('a change of the secret', () => {
  it('with both secrets both accounts get through; each gets through where only one is known', async () => {
    const known = [[north], [north, south], [south]]
    for (const secrets of known) {
      const coturn = await startCoturn({ secrets })
      const answers = []
      for (const each of accounts(south, { previous: north })) {
        const client = coturn.client()
        answers.push(
          await client.allocate(each).then(
            () => 'relay',
            error => error.code,
          ),
        )
        client.close()
      }
      expect(answers).toEqual([south, north].map(secret => (secrets.includes(secret) ? 'relay' : 401)))
      await coturn.stop()
    }
  })

  it('needs no restart of coturn: turnadmin adds the new one', async () => {
    const coturn = await startCoturn({ secrets: [north] })
    const client = coturn.client()
    await expect(client.allocate(account(south))).rejects.toMatchObject({ code: 401 })
    await coturn.addSecret(south)
    for (const secret of [south, north]) {
      const fresh = coturn.client()
      await fresh.allocate(account(secret))
      fresh.close()
    }
    client.close()
    await coturn.stop()
  })
})

const permitted = (relay: Allocation, address: string) =>
  relay.permit({ address, port: 53 }).then(
    () => 'granted',
    error => error.code,
  )
