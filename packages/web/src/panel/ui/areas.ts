import type { Role } from '@switchboard/protocol/admin'
import type { IconName } from '../../parts/icon.js'
import type { PanelTexts } from '../texts/like.js'

export interface Area {
  readonly href: string
  readonly name: keyof PanelTexts['nav'] & keyof typeof icons
  readonly least: Role
}

/** Where one can go, in groups. */
export const groups: readonly {
  readonly name: keyof PanelTexts['nav']['groups']
  readonly areas: readonly Area[]
}[] = [
  {
    name: 'now',
    areas: [
      { href: '/', name: 'overview', least: 'viewer' },
      { href: '/calls/live', name: 'live', least: 'viewer' },
    ],
  },
  {
    name: 'people',
    areas: [
      { href: '/users', name: 'users', least: 'viewer' },
      { href: '/calls', name: 'calls', least: 'viewer' },
      { href: '/mail', name: 'mail', least: 'viewer' },
    ],
  },
  {
    name: 'system',
    areas: [
      { href: '/nodes', name: 'nodes', least: 'viewer' },
      { href: '/limits', name: 'limits', least: 'viewer' },
      { href: '/webhooks', name: 'webhooks', least: 'viewer' },
      { href: '/settings', name: 'settings', least: 'viewer' },
    ],
  },
  {
    name: 'panel',
    areas: [
      { href: '/audit', name: 'audit', least: 'viewer' },
      { href: '/administrators', name: 'administrators', least: 'owner' },
    ],
  },
]

export const icons = {
  overview: 'chart',
  live: 'call',
  users: 'contacts',
  calls: 'recents',
  mail: 'mail',
  nodes: 'node',
  limits: 'limit',
  webhooks: 'signal',
  settings: 'settings',
  audit: 'list',
  administrators: 'key',
} as const satisfies Readonly<Record<string, IconName>>

/** The area that a path belongs to: a user's page to the users. */
export function isIn(path: string, href: string): boolean {
  if (path === href) return true
  const isLive = path === '/calls/live'
  return href !== '/' && path.startsWith(`${href}/`) && !isLive
}
