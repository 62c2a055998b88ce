import { blockBody, blockedView } from '@switchboard/protocol'
import Type from 'typebox'
import { accessOf } from '../authorization.js'
import type { RestApp, RestDeps } from '../deps.js'

const tags = ['Blocking']

export function blockRoutes(app: RestApp, { directory }: RestDeps) {
  app.put('/block_number', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'block_number',
      summary: 'Block a number',
      description: 'Its user stays blocked under another number. To the caller you are unavailable.',
      tags,
      body: blockBody,
      response: { 204: Type.Null({ description: 'Blocked.' }) },
    },
    handler: async (request, reply) => {
      await directory.block(accessOf(request).userId, request.body.phone_number)
      return reply.code(204).send(null)
    },
  })

  app.delete('/unblock_number', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'unblock_number',
      summary: 'Unblock a number',
      tags,
      body: blockBody,
      response: { 204: Type.Null({ description: 'Not blocked any more.' }) },
    },
    handler: async (request, reply) => {
      await directory.unblock(accessOf(request).userId, request.body.phone_number)
      return reply.code(204).send(null)
    },
  })

  app.get('/get_blocked', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'get_blocked',
      summary: 'The numbers you have blocked',
      tags,
      response: { 200: blockedView },
    },
    handler: async request => ({ blocked: [...(await directory.blocked(accessOf(request).userId))] }),
  })
}
