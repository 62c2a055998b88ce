import type { Config } from '../../config.js'
import { limits } from '../../limits.js'
import { endpointsOf, shownUrl } from '../../webhooks/endpoints.js'
import { explain } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'

/** Whether each receiver of events is there. It is told of nothing: any answer will do. */
export async function webhookReceivers({ urls }: Config['webhooks']): Promise<Finding[]> {
  const found = await Promise.all(endpointsOf(urls).map(({ url }) => reach(url)))
  return found.flat()
}

async function reach(url: string): Promise<Finding[]> {
  const shown = shownUrl(url)
  const open = /^http:[/][/](?!localhost[:/]|127[.]|\[::1\])/.test(url)
    ? [warning(`${shown} is not encrypted`, 'use https, unless you trust the network between')]
    : []
  try {
    const signal = AbortSignal.timeout(limits.webhookSendMs)
    const { status, body } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal })
    await body?.cancel()
    const moved = status >= 300 && status < 400
    const answer = moved
      ? warning(`${shown} redirects, and events do not follow`, 'set WEBHOOK_URL to where it leads')
      : ok(`${shown} answers`)
    return [answer, ...open]
  } catch (error) {
    const { cause = error } = error as { cause?: unknown }
    return [
      failure(`${shown}: ${explain(cause)}`, 'is it running, and is WEBHOOK_URL right? Events wait'),
      ...open,
    ]
  }
}
