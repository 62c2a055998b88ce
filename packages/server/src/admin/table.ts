import { AdminRefusal } from '../administrators/admin-refusal.js'
import { Refusal } from '../refusal.js'
import type { AdminRoute } from './route.js'

export interface Found {
  readonly route: AdminRoute
  readonly params: Readonly<Record<string, string>>
}

/** A method that the path does not take; says which it does. */
export class WrongMethod extends Refusal {
  readonly allowed: readonly string[]
  constructor(allowed: readonly string[]) {
    super('method_not_allowed')
    this.allowed = allowed
  }
}

/** Finds routes by method and path. A part of the path that a template names has to look as its route says. */
export function routeTable(routes: readonly AdminRoute[]) {
  const table = routes.map(route => ({ route, parts: route.path.split('/') }))
  const twice = routes.find(({ method, path }, index) =>
    routes.slice(0, index).some(other => other.method === method && other.path === path),
  )
  if (twice) throw new Error(`two routes ${twice.method} ${twice.path}`)

  return function find(method: string, path: string): Found {
    const parts = path.split('/')
    const there = table.flatMap(({ route, parts: template }) => {
      const params = paramsOf(template, parts)
      return params === undefined ? [] : [{ route, params }]
    })
    if (there.length === 0) throw new Refusal('not_found')
    // A name in the path goes before a parameter: /users/new before /users/:id.
    const [found] = there
      .filter(({ route }) => route.method === method)
      .sort((one, other) => Object.keys(one.params).length - Object.keys(other.params).length)
    if (!found) throw new WrongMethod([...new Set(there.map(({ route }) => route.method))])
    if (!Object.values(found.params).every(found.route.isParam)) throw new Refusal('not_found')
    return found
  }
}

function paramsOf(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (template.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of template.entries()) {
    const part = parts[index] ?? ''
    if (name.startsWith(':')) params[name.slice(1)] = decoded(part)
    else if (name !== part) return undefined
  }
  return params
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return '' // nothing is named so
  }
}

/** For answers: the panel's own refusals, and everybody's. */
export const codeOf = (error: unknown): string =>
  error instanceof Refusal || error instanceof AdminRefusal ? error.code : 'internal'
