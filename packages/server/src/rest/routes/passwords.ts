import {
  acceptedView,
  changePasswordBody,
  putPasswordBody,
  resetCodeBody,
  tokenView,
  verifyCodeBody,
} from '@switchboard/protocol'
import Type from 'typebox'
import { emailKey } from '../../sessions/email-key.js'
import { accessOf, tokenOf } from '../authorization.js'
import { addressOf } from '../client.js'
import type { RestApp, RestDeps } from '../deps.js'
import { presentToken } from '../presenters.js'
import { proofOf } from '../proof.js'

const tags = ['Password']
const changed = Type.Null({ description: 'Changed.' })

/** The seed asks with GET; browsers cannot send a body with that, so each of the two takes POST as well. */
const methods = [
  { method: 'GET', suffix: '' },
  { method: 'POST', suffix: '_by_post' },
] as const

export function passwordRoutes(app: RestApp, deps: RestDeps) {
  const { sessions, throttles } = deps
  const proof = proofOf(deps)

  for (const { method, suffix } of methods) {
    app.route({
      method,
      url: '/get_reset_password_code',
      config: { operation: { access: 'public', refusals: ['too_many_attempts'] } },
      schema: {
        operationId: `get_reset_password_code${suffix}`,
        summary: 'Have a code mailed to you',
        description: 'Answers the same whether the account exists or not.',
        tags,
        body: resetCodeBody,
        response: { 202: acceptedView },
      },
      handler: async (request, reply) => {
        await throttles.resetMail(emailKey(request.body.email), addressOf(request))
        await sessions.requestReset(request.body.email)
        return reply.code(202).send({})
      },
    })

    app.route({
      method,
      url: '/verify_reset_password_code',
      config: { operation: { access: 'public', refusals: ['invalid_code'] } },
      schema: {
        operationId: `verify_reset_password_code${suffix}`,
        summary: 'Trade the code for a password reset token',
        tags,
        body: verifyCodeBody,
        response: { 200: tokenView },
      },
      handler: async request =>
        presentToken(await sessions.verifyResetCode(request.body.email, request.body.verify_code)),
    })
  }

  app.put('/put_password', {
    config: { operation: { access: 'reset_token', refusals: ['wrong_account', 'weak_password'] } },
    schema: {
      operationId: 'put_password',
      summary: 'Set a new password with a reset token',
      tags,
      body: putPasswordBody,
      response: { 204: changed },
    },
    handler: async (request, reply) => {
      await sessions.resetPassword(tokenOf(request), request.body.email, request.body.new_password)
      return reply.code(204).send(null)
    },
  })

  app.put('/change_password', {
    config: {
      operation: { access: 'token', refusals: ['invalid_credentials', 'weak_password', 'too_many_attempts'] },
    },
    schema: {
      operationId: 'change_password',
      summary: 'Change your password',
      description: 'Every other token of yours is dead then.',
      tags,
      body: changePasswordBody,
      response: { 204: changed },
    },
    handler: async (request, reply) => {
      const { current_password, new_password } = request.body
      await proof(request, () => sessions.changePassword(accessOf(request), current_password, new_password))
      return reply.code(204).send(null)
    },
  })
}
