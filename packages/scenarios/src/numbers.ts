/** What there is to call. Behind seven digits that begin with zeros: no numbering plan gives them to anybody. */
export const numbers = {
  echo: '0000001',
  busy: '0000002',
  silent: '0000003',
  declines: '0000004',
  twoDevices: '0000005',
  dropsSocket: '0000006',
  vanishes: '0000007',
  relayOnly: '0000008',
  /** Whom the busy one speaks with. */
  busyPartner: '0000009',
} as const

export type Scenario = keyof typeof numbers
