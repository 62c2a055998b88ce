import { idOf, lastId, pageOf } from './cursor.js'
import type { DirectoryDeps } from './deps.js'
import type { Directory } from './directory.js'

/** Past calls, newest first. */
export function callHistory({ stores }: DirectoryDeps): Pick<Directory, 'history'> {
  return {
    async history(id, { limit, cursor }) {
      const before = cursor === undefined ? lastId : idOf(cursor)
      return pageOf(await stores.history.page(id, before, limit + 1), limit, call => call.callId)
    },
  }
}
