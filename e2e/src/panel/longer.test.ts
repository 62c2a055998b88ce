import { join } from 'node:path'
import type { LongerView, OverviewView } from '@switchboard/protocol/admin'
import { afterAll, expect, it } from 'vitest'
import { faultsOf } from '../faults-of-page.js'
import { type Prometheus, startPrometheus } from '../metrics/prometheus.js'
import { root } from '../product.js'
import { desk, slow } from './desk.js'
import { panelAt } from './entering.js'
import { signedIn } from './panel-client.js'

let prometheus: Prometheus
const { product, administrator } = desk({
  env: async () => {
    prometheus = await startPrometheus([], join(root, 'deploy/prometheus/switchboard.rules.yml'))
    return { PROMETHEUS_URL: prometheus.url }
  },
})
afterAll(() => prometheus.stop())

const known = (expression: string) => expect.poll(() => prometheus.query(expression), slow).toHaveLength(1)

it(
  'a day and a week back are drawn from Prometheus; while it is away the hour is, and the page says so',
  async () => {
    const { client } = await signedIn(product, 'Katherine', 'viewer')
    const longer = (range: string) => client.get(`/api/overview/longer?range=${range}`)
    expect((await client.get('/api/overview')).body as unknown as OverviewView).toMatchObject({
      longer: true,
    })
    expect((await longer('1y')).status).toBe(400)

    await prometheus.watch([new URL(product.admin).host])
    const [ada, ben] = [await product.device(), await product.device()]
    await known('switchboard_sockets >= 2')
    ada.call(ben.number)
    await ben.next('call')
    ben.accept(ada.number)
    await ada.until('the answer', ({ REASON }) => REASON === 'callResponse')
    await known('rate(switchboard_calls_answered_total[1m]) > 0')

    const { body, status } = await longer('6h')
    expect(status).toBe(200)
    const { points, stepSeconds } = body as unknown as LongerView
    expect(stepSeconds).toBe(120)
    const last = points.at(-1)
    expect(last).toMatchObject({ answerRate: 1 })
    expect(last?.connections).toBeGreaterThan(0)
    expect(last?.established).toBeGreaterThan(0)
    expect(last?.callsPerMinute).toBeGreaterThan(0)
    expect(last?.setUpP95).toBeGreaterThan(0)
    expect(last?.eventLoopLagMs).toBeGreaterThan(0)

    const { page } = await administrator('Dorothy', 'viewer')
    await page.getByRole('heading', { name: 'The last hour' }).waitFor()
    await page.getByRole('link', { name: '24 h', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The last day' }).waitFor()
    await page.getByRole('img', { name: /Answer rate: 100 %|Answer rate: 100%/ }).waitFor()
    expect(new URL(page.url()).search).toBe('?range=24h')
    expect(await faultsOf(page)).toEqual([])

    await prometheus.stop()
    await page.goto(`${panelAt(product)}/?range=7d`)
    await page.getByText('Prometheus does not answer.').waitFor()
    await page.getByRole('figure').first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(await longer('7d')).toMatchObject({ status: 503, code: 'service_unavailable' })
  },
  slow.timeout,
)
