import type { Family } from '../meter.js'
import { contentTypes, expose } from './exposition.js'
import { formatFor } from './negotiate.js'

/** What a scraper gets: the text, and what it is. */
export function metricsEndpoint(families: () => readonly Family[]) {
  return (accept: string | undefined) => {
    const format = formatFor(accept)
    return { type: contentTypes[format], body: expose(families(), format) }
  }
}
