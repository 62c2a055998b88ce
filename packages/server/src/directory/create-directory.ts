import { accountExport } from './account-export.js'
import { accounts, living } from './accounts.js'
import { blocks } from './blocks.js'
import { callHistory } from './call-history.js'
import { contacts } from './contacts.js'
import type { DirectoryDeps } from './deps.js'
import type { Directory } from './directory.js'

export type { DirectoryDeps } from './deps.js'

export function createDirectory(deps: DirectoryDeps): Directory {
  const { profiles } = deps.stores
  const strict = deps.securityProfile === 'strict'
  return {
    ...accounts(deps),
    export: accountExport(deps),
    ...contacts(deps),
    ...blocks(deps),
    ...callHistory(deps),
    profile: id => profiles.byId(id),
    locate: (callerId, number) => profiles.locate(callerId, number, strict),
    privacy: async id => living(await profiles.privacy(id)),
    changePrivacy: async (id, change) => living(await profiles.changePrivacy(id, change)),
  }
}
