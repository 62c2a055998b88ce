import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from '../log.js'
import type { AddressKey } from '../throttles/addresses.js'
import type { ClientAddress } from '../throttles/client-address.js'
import type { Throttles } from '../throttles/throttles.js'
import { isDownload, sendDownload, sendFailure, sendJson } from './answer.js'
import { readCookie, writeCookie } from './cookie.js'
import type { Sessions } from './entered.js'
import type { createFromHere } from './from-here.js'
import { checkEntry } from './guard.js'
import { readBody } from './read-body.js'
import type { AdminRoute, Asked, Noted } from './route.js'
import { codeOf, type Found, routeTable } from './table.js'

/** An act, or a try at one, for the audit log. */
export interface Act extends Pick<Noted, 'subject'> {
  readonly administratorId: string | undefined
  readonly act: string
  /** The code of the refusal, if it was refused. */
  readonly refused: string | undefined
  readonly detail: NonNullable<Noted['detail']>
  readonly address: AddressKey
}

export interface ApiDeps {
  readonly routes: readonly AdminRoute[]
  readonly sessions: Sessions
  /** Writes the audit log; what it cannot write is answered as failed. */
  readonly record: (act: Act) => Promise<void>
  readonly throttles: Pick<Throttles, 'request'>
  readonly clientAddress: ClientAddress
  readonly fromHere: ReturnType<typeof createFromHere>
  readonly log: Logger
}

/** The panel's routes. Whatever holds for all of them is done here, so that none can leave it out. */
export function createApi({ routes, sessions, record, throttles, clientAddress, fromHere, log }: ApiDeps) {
  const find = routeTable(routes)

  /** Resolves with what to answer; it is audited by then. */
  async function ask(
    { route, params }: Found,
    request: IncomingMessage,
    address: AddressKey,
    url: URL,
    response: ServerResponse,
  ) {
    const { headers } = request
    const isAct = route.method !== 'GET'
    const origin = isAct ? fromHere.origin(headers) : ''
    const body = isAct ? await readBody(request) : undefined
    const token = readCookie(headers.cookie)
    const session = token === undefined ? undefined : await sessions.find(token)
    let noted: Noted = {}
    const asked = (): Asked => ({
      administrator: session?.awaits === undefined ? session?.administrator : undefined,
      input: route.readInput(body),
      query: route.readQuery(url.searchParams),
      params,
      address,
      entered: {
        session,
        token,
        origin,
        setToken: value => void response.setHeader('set-cookie', writeCookie(value)),
      },
      note: more => {
        noted = { ...noted, ...more, detail: { ...noted.detail, ...more.detail } }
      },
    })
    const told = (refused: string | undefined) => {
      if (!route.act || !isTold(refused)) return
      const administratorId = session?.administrator.id ?? noted.administratorId
      // Of strangers only wrong passwords, which the limits keep few: what is written here stays for ever.
      if (administratorId === undefined && refused !== 'invalid_credentials') return
      const subject =
        noted.subject ?? (route.subject && params.id ? { kind: route.subject, id: params.id } : undefined)
      return record({
        ...{ administratorId, act: route.act, refused, address },
        ...(subject && { subject }),
        detail: noted.detail ?? {},
      })
    }
    try {
      await checkEntry(route, session, headers['x-csrf-token'], sessions)
      const handled = await route.handle(asked())
      await told(undefined)
      return handled
    } catch (error) {
      await told(codeOf(error))
      throw error
    }
  }

  return async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      const address = clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for'])
      throttles.request(address)
      fromHere.host(request.headers)
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
      const handled = await ask(find(method, url.pathname), request, address, url, response)
      if (isDownload(handled)) await sendDownload(response, handled)
      else sendJson(response, 200, handled)
    } catch (error) {
      sendFailure(response, error, log)
    }
  }
}

/** Not what the limits turned away, which are counted elsewhere and may be many; nor what was no request of ours. */
const isTold = (refused: string | undefined) =>
  ![
    'too_many_attempts',
    'rate_limited',
    'invalid_request',
    'unsupported_media_type',
    'csrf_refused',
  ].includes(refused ?? '')
