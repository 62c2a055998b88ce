import {
  createUserBody,
  deleteUserBody,
  exportView,
  putFirstnameBody,
  putLastnameBody,
  putPhonenumberBody,
  userView,
} from '@switchboard/protocol'
import Type from 'typebox'
import { presentUser } from '../../directory/presenters.js'
import { emailKey } from '../../sessions/email-key.js'
import { accessOf } from '../authorization.js'
import { addressOf } from '../client.js'
import type { RestApp, RestDeps } from '../deps.js'
import { proofOf } from '../proof.js'

const tags = ['Account']

export function accountRoutes(app: RestApp, deps: RestDeps) {
  const { directory, sessions, throttles } = deps
  const proof = proofOf(deps)

  app.post('/create_user', {
    config: { operation: { access: 'public', refusals: ['weak_password', 'already_registered'] } },
    schema: {
      operationId: 'create_user',
      summary: 'Create a user',
      tags,
      body: createUserBody,
      response: { 201: userView },
    },
    handler: async (request, reply) => {
      const { body } = request
      const user = await throttles.registration(emailKey(body.email), addressOf(request), () =>
        directory.register(body),
      )
      return reply.code(201).send(presentUser(user))
    },
  })

  app.get('/get_user', {
    config: { operation: { access: 'token' } },
    schema: { operationId: 'get_user', summary: 'Your own data', tags, response: { 200: userView } },
    handler: async request => presentUser(await directory.user(accessOf(request).userId)),
  })

  app.put('/put_firstname', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'put_firstname',
      summary: 'Change your first name',
      tags,
      body: putFirstnameBody,
      response: { 200: userView },
    },
    handler: async request => presentUser(await directory.rename(accessOf(request).userId, request.body)),
  })

  app.put('/put_lastname', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'put_lastname',
      summary: 'Change your last name',
      tags,
      body: putLastnameBody,
      response: { 200: userView },
    },
    handler: async request => presentUser(await directory.rename(accessOf(request).userId, request.body)),
  })

  app.put('/put_phonenumber', {
    config: {
      operation: {
        access: 'token',
        refusals: ['phone_number_taken', 'invalid_credentials', 'too_many_attempts'],
      },
    },
    schema: {
      operationId: 'put_phonenumber',
      summary: 'Change your phone number',
      description:
        'Your connected devices answer to the new number at once. The strict profile asks for your password.',
      tags,
      body: putPhonenumberBody,
      response: { 200: userView },
    },
    handler: async request => {
      const { phonenumber, password } = request.body
      const { userId } = accessOf(request)
      await throttles.lookup(userId) // the answer tells whether somebody has the number
      const change = () => directory.changeNumber(userId, phonenumber, password)
      return presentUser(await (password === undefined ? change() : proof(request, change)))
    },
  })

  app.delete('/delete_user', {
    config: { operation: { access: 'token', refusals: ['invalid_credentials', 'too_many_attempts'] } },
    schema: {
      operationId: 'delete_user',
      summary: 'Delete your account, and everything stored about you',
      tags,
      body: deleteUserBody,
      response: { 204: Type.Null({ description: 'Deleted.' }) },
    },
    handler: async (request, reply) => {
      const { userId } = accessOf(request)
      await proof(request, () => sessions.confirmPassword(userId, request.body.password))
      await directory.remove(userId) // with the address that the proof was remembered with
      return reply.code(204).send(null)
    },
  })

  app.get('/export_user', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'export_user',
      summary: 'Everything stored about you',
      tags,
      response: { 200: exportView },
    },
    handler: request => directory.export(accessOf(request).userId),
  })
}
