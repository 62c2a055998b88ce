import { contactBody, contactsQuery, contactsView, contactView, presenceView } from '@switchboard/protocol'
import Type from 'typebox'
import { presentContact } from '../../directory/presenters.js'
import { limits } from '../../limits.js'
import { accessOf } from '../authorization.js'
import type { RestApp, RestDeps } from '../deps.js'

const tags = ['Contacts']

export function contactRoutes(app: RestApp, { directory, presence, throttles }: RestDeps) {
  app.post('/add_contact', {
    config: {
      operation: { access: 'token', refusals: ['user_not_found', 'contact_exists', 'cannot_add_self'] },
    },
    schema: {
      operationId: 'add_contact',
      summary: 'Add a contact',
      description: 'A contact is a user, not a number: it follows that user to a new number or name.',
      tags,
      body: contactBody,
      response: { 201: contactView },
    },
    handler: async (request, reply) => {
      const { userId } = accessOf(request)
      await throttles.lookup(userId)
      const user = await directory.addContact(userId, request.body.contact_phonenumber)
      return reply.code(201).send(presentContact(user))
    },
  })

  app.get('/get_contacts', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'get_contacts',
      summary: 'Your contacts, in the order of adding',
      tags,
      querystring: contactsQuery,
      response: { 200: contactsView },
    },
    handler: async request => {
      const { limit = limits.contactsPerUser, cursor } = request.query
      const { items, nextCursor } = await directory.contacts(accessOf(request).userId, { limit, cursor })
      return { contacts: items.map(presentContact), next_cursor: nextCursor }
    },
  })

  app.delete('/delete_contact', {
    config: { operation: { access: 'token', refusals: ['contact_not_found'] } },
    schema: {
      operationId: 'delete_contact',
      summary: 'Delete a contact',
      tags,
      body: contactBody,
      response: { 204: Type.Null({ description: 'Deleted.' }) },
    },
    handler: async (request, reply) => {
      await directory.deleteContact(accessOf(request).userId, request.body.contact_phonenumber)
      return reply.code(204).send(null)
    },
  })

  app.get('/get_presence', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'get_presence',
      summary: 'Which contacts can be called',
      description: 'Tells of contacts that have you as a contact too, and of nobody else.',
      tags,
      response: { 200: presenceView },
    },
    handler: async request => {
      const contacts = await directory.mutualContacts(accessOf(request).userId)
      return {
        presence: await Promise.all(
          contacts.map(async ({ id, phoneNumber }) => {
            const { reachable, inCall } = await presence.standing(id)
            return { phone_number: phoneNumber, reachable, in_call: inCall }
          }),
        ),
      }
    },
  })
}
