import { callHistoryQuery, callHistoryView, turnCredentialsView } from '@switchboard/protocol'
import { presentCall } from '../../directory/presenters.js'
import { limits } from '../../limits.js'
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

  app.get('/get_turn_credentials', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'get_turn_credentials',
      summary: 'ICE servers for RTCPeerConnection',
      tags,
      response: { 200: turnCredentialsView },
    },
    handler: async request => {
      const { userId } = accessOf(request)
      await throttles.turnCredentials(userId)
      const { iceServers, ttlSeconds } = await turnCredentials(userId)
      return { ice_servers: [...iceServers], ttl: ttlSeconds }
    },
  })
}
