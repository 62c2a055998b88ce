import { describe, expect, test } from 'vitest'
import type { MediaStats } from './media.js'
import { qualityBetween } from './quality.js'
import { isHolding, offersVideo, originOf, readDescription } from './sdp.js'
import { readStats } from './stats.js'

describe('an SDP', () => {
  test('is read in every form that clients write', () => {
    const description = { type: 'offer', sdp: 'v=0' }
    for (const written of ['v=0', { sdp: 'v=0' }, { type: 'offer', sdp: 'v=0', more: 1 }])
      expect(readDescription('offer', written)).toEqual(description)
    for (const none of [null, undefined, {}, { sdp: 7 }, 7])
      expect(readDescription('answer', none)).toEqual({ type: 'answer', sdp: '' })
  })

  test('names its peer connection beside itself, or by the fingerprint', () => {
    const sdp = 'v=0\r\na=fingerprint:sha-256 ab:cd\r\n'
    expect(originOf(readDescription('offer', { sdp, origin: 'x' }))).toBe('x')
    expect(originOf(readDescription('offer', sdp))).toBe('AB:CD')
    expect(originOf(readDescription('offer', ''))).toBeUndefined()
  })

  test('offers a picture when it has a section for one that is not rejected', () => {
    const offers = (sdp: string) => offersVideo({ type: 'offer', sdp })
    const audio = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
    expect(offers(`${audio}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`)).toBe(true)
    expect(offers(`${audio}m=video 0 UDP/TLS/RTP/SAVPF 96\r\n`)).toBe(false)
    expect(offers(audio)).toBe(false)
  })

  test('holds when it wants to hear nothing of any medium', () => {
    const sdp = (...directions: string[]) =>
      ['v=0', ...directions.map(each => `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=${each}`)].join('\r\n')
    const holding = (text: string) => isHolding({ type: 'offer', sdp: `${text}\r\n` })
    expect(
      [['sendrecv'], ['inactive'], ['sendonly', 'inactive'], ['inactive', 'recvonly'], []].map(all =>
        holding(sdp(...all)),
      ),
    ).toEqual([false, true, true, false, false])
  })
})

const stats = (received: number, lost: number, roundTripMs?: number): MediaStats => ({
  roundTripMs,
  packetsReceived: received,
  packetsLost: lost,
  relayed: false,
})

test('quality is of the last moments, and never below none', () => {
  expect(qualityBetween(undefined, stats(100, 0))).toMatchObject({ lossPercent: 0, rating: 'good' })
  expect(qualityBetween(stats(1_000, 500), stats(1_095, 505))).toMatchObject({
    lossPercent: 5,
    rating: 'fair',
  })
  expect(qualityBetween(stats(1_000, 0), stats(1_080, 20))).toMatchObject({ lossPercent: 20, rating: 'poor' })
  expect(qualityBetween(stats(100, 9), stats(0, 0))).toMatchObject({ lossPercent: 0, rating: 'good' })
  expect(qualityBetween(undefined, stats(1, 0, 301)).rating).toBe('fair')
})

test('the report of a browser is read: both kinds of media, the pair that is used, a relay on either end', () => {
  const report = [
    { type: 'inbound-rtp', id: 'a', packetsReceived: 10, packetsLost: 1 },
    { type: 'inbound-rtp', id: 'v', packetsReceived: 20, packetsLost: 2 },
    { type: 'outbound-rtp', id: 'o', packetsReceived: 99 },
    { type: 'transport', id: 't', selectedCandidatePairId: 'p2' },
    { type: 'candidate-pair', id: 'p1', currentRoundTripTime: 9 },
    {
      type: 'candidate-pair',
      id: 'p2',
      currentRoundTripTime: 0.0421,
      localCandidateId: 'l',
      remoteCandidateId: 'r',
    },
    { type: 'local-candidate', id: 'l', candidateType: 'host' },
    { type: 'remote-candidate', id: 'r', candidateType: 'relay' },
  ]
  expect(readStats(report)).toEqual({ roundTripMs: 42, packetsReceived: 30, packetsLost: 3, relayed: true })
  expect(readStats([])).toEqual({
    roundTripMs: undefined,
    packetsReceived: 0,
    packetsLost: 0,
    relayed: undefined,
  })
})
