import { loginBody, tokenView } from '@switchboard/protocol'
import Type from 'typebox'
import { emailKey } from '../../sessions/email-key.js'
import { accessOf } from '../authorization.js'
import { addressOf } from '../client.js'
import type { RestApp, RestDeps } from '../deps.js'
import { presentToken } from '../presenters.js'

const tags = ['Session']

export function sessionRoutes(app: RestApp, { sessions, throttles }: RestDeps) {
  app.post('/login', {
    config: { operation: { access: 'public', refusals: ['invalid_credentials', 'too_many_attempts'] } },
    schema: {
      operationId: 'login',
      summary: 'Log in',
      description:
        'The token goes into the `Authorization` header of other requests, and into `connect` of signaling.',
      tags,
      body: loginBody,
      response: { 200: tokenView },
    },
    handler: async request => {
      const { email, password } = request.body
      return presentToken(
        await throttles.login(emailKey(email), addressOf(request), () => sessions.login(email, password)),
      )
    },
  })

  app.get('/authenticate', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'authenticate',
      summary: 'Renew your token',
      tags,
      response: { 200: tokenView },
    },
    handler: async request => presentToken(await sessions.renew(accessOf(request))),
  })

  app.post('/logout', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'logout',
      summary: 'End this session',
      tags,
      response: { 204: Type.Null({ description: 'Its tokens are dead and its sockets closed.' }) },
    },
    handler: async (request, reply) => {
      await sessions.logout(accessOf(request))
      return reply.code(204).send(null)
    },
  })

  app.post('/logout_everywhere', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'logout_everywhere',
      summary: 'End every session of yours',
      tags,
      response: { 204: Type.Null({ description: 'All your tokens are dead and your sockets closed.' }) },
    },
    handler: async (request, reply) => {
      await sessions.logoutEverywhere(accessOf(request).userId)
      return reply.code(204).send(null)
    },
  })
}
