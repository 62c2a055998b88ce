import {
  type CallId,
  callHistoryQuery,
  callHistoryView,
  turnCredentialsQuery,
  turnCredentialsView,
  type UserId,
} from '@switchboard/protocol'
import { presentCall } from '../../directory/presenters.js'
import { limits } from '../../limits.js'
import { Refusal } from '../../refusal.js'
import { accessOf } from '../authorization.js'
import type { RestApp, RestDeps } from '../deps.js'

const tags = ['Calls']

export function callRoutes(app: RestApp, { directory, turnCredentials, throttles }: RestDeps) {
  app.get('/get_call_history', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'get_call_history',
      summary: 'Your calls, newest first',
      tags,
      querystring: callHistoryQuery,
      response: { 200: callHistoryView },
    },
    handler: async request => {
      const { limit = limits.historyPage, cursor } = request.query
      const { items, nextCursor } = await directory.history(accessOf(request).userId, { limit, cursor })
      return { calls: items.map(presentCall), next_cursor: nextCursor }
    },
  })

  /** A call that lives is among the user's newest. */
  async function isIn(userId: UserId, callId: string) {
    const { items } = await directory.history(userId, { limit: limits.historyPage, cursor: undefined })
    return items.some(call => call.callId === callId && call.endedAt === null)
  }

  app.get('/get_turn_credentials', {
    config: { operation: { access: 'token', refusals: ['no_call'] } },
    schema: {
      operationId: 'get_turn_credentials',
      summary: 'ICE servers for RTCPeerConnection',
      description:
        'With `call_id` the user name of the TURN server carries the id of the call, so that its log tells how much ' +
        'was relayed for it. `no_call` when you are in no such call.',
      tags,
      querystring: turnCredentialsQuery,
      response: { 200: turnCredentialsView },
    },
    handler: async request => {
      const { userId } = accessOf(request)
      await throttles.turnCredentials(userId)
      const { call_id: callId } = request.query
      if (callId !== undefined && !(await isIn(userId, callId))) throw new Refusal('no_call')
      const { iceServers, ttlSeconds } = await turnCredentials(userId, callId as CallId | undefined)
      return { ice_servers: [...iceServers], ttl: ttlSeconds }
    },
  })
}
