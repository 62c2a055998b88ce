import { putSettingsBody, settingsView } from '@switchboard/protocol'
import { presentPrivacy } from '../../directory/presenters.js'
import { accessOf } from '../authorization.js'
import type { RestApp, RestDeps } from '../deps.js'

const tags = ['Account']

export function settingsRoutes(app: RestApp, { directory }: RestDeps) {
  app.get('/get_settings', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'get_settings',
      summary: 'What you let strangers have',
      description: 'The strict profile of the server goes before: there both are always on.',
      tags,
      response: { 200: settingsView },
    },
    handler: async request => presentPrivacy(await directory.privacy(accessOf(request).userId)),
  })

  app.put('/put_settings', {
    config: { operation: { access: 'token' } },
    schema: {
      operationId: 'put_settings',
      summary: 'Change what you let strangers have',
      description: 'Only what is sent is changed.',
      tags,
      body: putSettingsBody,
      response: { 200: settingsView },
    },
    handler: async request => {
      const { relay_only_for_strangers, calls_from_contacts_only } = request.body
      const changed = await directory.changePrivacy(accessOf(request).userId, {
        ...(relay_only_for_strangers !== undefined && { relayOnlyForStrangers: relay_only_for_strangers }),
        ...(calls_from_contacts_only !== undefined && { callsFromContactsOnly: calls_from_contacts_only }),
      })
      return presentPrivacy(changed)
    },
  })
}
