import { createSocket } from 'node:dgram'
import {
  type Address,
  type Attribute,
  classes,
  decodeStun,
  encodeStun,
  errorCodeOf,
  longTermKey,
  methods,
  newTransaction,
  readXorAddress,
  type StunMessage,
  xorAddress,
} from './stun-message.js'

export interface TurnAccount {
  readonly username: string
  readonly credential: string
}

export interface TurnClientOptions {
  /** Of the server: an IP address or a name. */
  readonly host: string
  readonly port: number
  /** How long the server may take for one answer. */
  readonly withinMs: number
}

/** What the server said no with: 401 is a wrong user or secret, 403 a forbidden peer, 486 a quota. */
export class TurnRefusal extends Error {
  readonly code: number
  constructor(code: number) {
    super(`the TURN server refuses with ${code}`)
    this.name = 'TurnRefusal'
    this.code = code
  }
}

export interface Allocation {
  /** Where the relay listens for peers. */
  readonly relayed: Address
  /** Lets packets of this address through, or rejects with the `TurnRefusal`. */
  permit(peer: Address): Promise<void>
  send(peer: Address, data: Buffer): void
  /** Gives the relay back. */
  end(): Promise<void>
  /** The next packet that a permitted peer sent. */
  received(): Promise<{ readonly from: Address; readonly data: Buffer }>
}

export type TurnClient = ReturnType<typeof createTurnClient>

const udp = Buffer.from([17, 0, 0, 0])
const familyOf = { ipv4: 1, ipv6: 2 } as const

/** A client of one TURN server over UDP, RFC 8656: enough to find out what the server grants, and to relay through it. */
export function createTurnClient({ host, port, withinMs }: TurnClientOptions) {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const answers = new Map<string, (answer: StunMessage) => void>()
  const arrived: StunMessage[] = []
  let wake = () => {}

  socket.on('message', bytes => {
    const message = decodeStun(bytes)
    if (!message) return
    if (message.type === (methods.data | classes.indication)) {
      arrived.push(message)
      return wake()
    }
    answers.get(message.transaction.toString('hex'))?.(message)
  })
  socket.on('error', () => {}) // shows as an answer that does not come

  /** Sends, again while nothing is heard: UDP loses packets. */
  function request(method: number, values: (transaction: Buffer) => Attribute[], key?: Buffer) {
    const transaction = newTransaction()
    const id = transaction.toString('hex')
    const bytes = encodeStun(method | classes.request, transaction, values(transaction), key)
    return new Promise<StunMessage>((resolve, reject) => {
      const send = () => socket.send(bytes, port, host, error => error && end(() => reject(error)))
      const again = setInterval(send, withinMs / 4)
      const late = setTimeout(() => end(() => reject(new Error('no answer'))), withinMs)
      const end = (settle: () => void) => {
        clearInterval(again)
        clearTimeout(late)
        answers.delete(id)
        settle()
      }
      answers.set(id, answer => end(() => resolve(answer)))
      send()
    })
  }

  function accepted(answer: StunMessage): StunMessage {
    const code = answer.get('errorCode')
    if (code) throw new TurnRefusal(errorCodeOf(code))
    return answer
  }

  /** Asks for a relay; rejects with a `TurnRefusal` of 401 when the server does not know the secret. */
  async function allocate(
    { username, credential }: TurnAccount,
    family: keyof typeof familyOf = 'ipv4',
  ): Promise<Allocation> {
    const wish: Attribute[] = [
      ['requestedTransport', udp],
      ['requestedAddressFamily', Buffer.from([familyOf[family], 0, 0, 0])],
    ]
    const challenge = await request(methods.allocate, () => wish)
    const [realm, nonce] = [challenge.get('realm'), challenge.get('nonce')]
    if (!realm || !nonce) throw new TurnRefusal(errorCodeOf(challenge.get('errorCode') ?? Buffer.alloc(4)))
    const key = longTermKey(username, realm.toString(), credential)
    const proof: Attribute[] = [
      ['username', Buffer.from(username)],
      ['realm', realm],
      ['nonce', nonce],
    ]
    const granted = accepted(await request(methods.allocate, () => [...wish, ...proof], key))
    const relayed = granted.get('xorRelayedAddress')
    if (!relayed) throw new Error('the TURN server names no relayed address')
    return {
      relayed: readXorAddress(relayed, granted.transaction),
      async permit(peer) {
        const about = (transaction: Buffer): Attribute[] => [
          ['xorPeerAddress', xorAddress(peer, transaction)],
          ...proof,
        ]
        accepted(await request(methods.createPermission, about, key))
      },
      send(peer, data) {
        const transaction = newTransaction()
        const values: Attribute[] = [
          ['xorPeerAddress', xorAddress(peer, transaction)],
          ['data', data],
        ]
        socket.send(encodeStun(methods.send | classes.indication, transaction, values), port, host)
      },
      async end() {
        const atOnce: Attribute = ['lifetime', Buffer.alloc(4)]
        accepted(await request(methods.refresh, () => [atOnce, ...proof], key))
      },
      async received() {
        while (arrived.length === 0) await new Promise<void>(resolve => (wake = resolve))
        const message = arrived.shift() as StunMessage
        const from = readXorAddress(message.get('xorPeerAddress') ?? Buffer.alloc(8), message.transaction)
        return { from, data: message.get('data') ?? Buffer.alloc(0) }
      },
    }
  }

  return {
    allocate,
    close: () => void socket.close(),
  }
}
