import { createHash, createHmac, randomBytes } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** RFC 8489 and RFC 8656, as much of them as it takes to ask a TURN server for something. */
export const methods = {
  binding: 0x0001,
  allocate: 0x0003,
  refresh: 0x0004,
  send: 0x0006,
  data: 0x0007,
  createPermission: 0x0008,
} as const
export const classes = { request: 0x0000, indication: 0x0010, success: 0x0100, error: 0x0110 } as const

export const attributes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
} as const
export type AttributeName = keyof typeof attributes

const magicCookie = 0x2112a442
const headerBytes = 20

export interface Address {
  readonly address: string
  readonly port: number
}

export interface StunMessage {
  readonly type: number
  readonly transaction: Buffer
  /** The first attribute of a kind; RFC 8489 section 14 lets go of later ones. */
  get(name: AttributeName): Buffer | undefined
}

export type Attribute = readonly [name: AttributeName, value: Buffer]

export const newTransaction = () => randomBytes(12)

/** A message; with a key it ends in its MESSAGE-INTEGRITY. */
export function encodeStun(type: number, transaction: Buffer, values: readonly Attribute[], key?: Buffer) {
  const body = Buffer.concat(values.map(([name, value]) => encodeAttribute(name, value)))
  const integrityBytes = 24
  const head = Buffer.alloc(8)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(body.length + (key ? integrityBytes : 0), 2)
  head.writeUInt32BE(magicCookie, 4)
  const unsigned = Buffer.concat([head, transaction, body])
  if (!key) return unsigned
  const digest = createHmac('sha1', key).update(unsigned).digest()
  return Buffer.concat([unsigned, encodeAttribute('messageIntegrity', digest)])
}

function encodeAttribute(name: AttributeName, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(attributes[name], 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)])
}

/** Undefined for what is no STUN message: other protocols may share the port. */
export function decodeStun(bytes: Buffer): StunMessage | undefined {
  if (bytes.length < headerBytes || (bytes[0] ?? 0xff) >= 0x40) return undefined
  if (bytes.readUInt32BE(4) !== magicCookie) return undefined
  if (bytes.length !== headerBytes + bytes.readUInt16BE(2)) return undefined
  const found = new Map<number, Buffer>()
  for (let at = headerBytes; at + 4 <= bytes.length; ) {
    const kind = bytes.readUInt16BE(at)
    const length = bytes.readUInt16BE(at + 2)
    if (!found.has(kind)) found.set(kind, bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length + (-length & 3)
  }
  return {
    type: bytes.readUInt16BE(0),
    transaction: bytes.subarray(8, headerBytes),
    get: name => found.get(attributes[name]),
  }
}

/** The key of long-term credentials, RFC 8489 section 9.2.2. */
export const longTermKey = (username: string, realm: string, password: string) =>
  createHash('md5').update(`${username}:${realm}:${password}`).digest()

/** ERROR-CODE, RFC 8489 section 14.8. */
export const errorCodeOf = (value: Buffer) => (value[2] ?? 0) * 100 + (value[3] ?? 0)

/** XOR-PEER-ADDRESS and its like, RFC 8489 section 14.2. */
export function xorAddress({ address, port }: Address, transaction: Buffer): Buffer {
  const bare = isIPv4(address) ? ipv4Bytes(address) : ipv6Bytes(address)
  const head = Buffer.from([0, bare.length === 4 ? 1 : 2, 0, 0])
  head.writeUInt16BE(port ^ (magicCookie >>> 16), 2)
  return Buffer.concat([head, masked(bare, transaction)])
}

export function readXorAddress(value: Buffer, transaction: Buffer): Address {
  const bytes = masked(value.subarray(4), transaction)
  const port = value.readUInt16BE(2) ^ (magicCookie >>> 16)
  if (bytes.length === 4) return { address: bytes.join('.'), port }
  const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(2 * n).toString(16))
  return { address: groups.join(':'), port }
}

function masked(bytes: Buffer, transaction: Buffer): Buffer {
  const mask = Buffer.alloc(16)
  mask.writeUInt32BE(magicCookie, 0)
  transaction.copy(mask, 4)
  return Buffer.from(bytes.map((byte, n) => byte ^ (mask[n] ?? 0)))
}

const ipv4Bytes = (text: string) => Buffer.from(text.split('.').map(Number))

function ipv6Bytes(text: string): Buffer {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const plain = dotted
    ? `${dotted[1]}${ipv4Bytes(dotted[2] ?? '')
        .toString('hex')
        .replace(/^(.{4})/, '$1:')}`
    : text
  const [before = '', after] = plain.split('::')
  const groups = (part: string) => part.split(':').filter(group => group !== '')
  const [first, last] = [groups(before), groups(after ?? '')]
  const zeros = Array<string>(8 - first.length - last.length).fill('0')
  const all = [...first, ...(after === undefined ? [] : zeros), ...last]
  const bytes = Buffer.alloc(16)
  for (const [n, group] of all.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * n)
  return bytes
}
