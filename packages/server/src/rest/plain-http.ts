import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.js'
import { Refusal } from '../refusal.js'

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Strict profile: passwords and tokens travel encrypted, at least to a proxy of ours (contract section 1). */
export function refusePlainHttp(trustProxy: Config['trustProxy']) {
  const proxies = new BlockList()
  for (const entry of trustProxy) {
    const [address = '', bits] = entry.split('/')
    if (bits === undefined) proxies.addAddress(address, family(address))
    else proxies.addSubnet(address, Number(bits), family(address))
  }
  return async (request: FastifyRequest) => {
    const peer = request.socket.remoteAddress ?? ''
    const behindProxy = proxies.check(peer, family(peer))
    const forwarded = request.headers['x-forwarded-proto'] ?? 'https'
    if (request.protocol === 'https' || (behindProxy && forwarded === 'https')) return
    throw new Refusal('invalid_request', 'This server takes HTTPS only')
  }
}
