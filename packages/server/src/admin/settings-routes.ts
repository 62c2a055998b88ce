import type { SettingRow } from '@switchboard/protocol/admin'
import { type AdminRoute, get } from './route.js'

/** What is in force, and where it comes from. */
export const settingsRoutes = (settings: readonly SettingRow[]): readonly AdminRoute[] => [
  get({ ...{ path: '/api/settings', least: 'viewer' }, handle: () => ({ settings }) }),
]
