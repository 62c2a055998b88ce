import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Nodes, rover, startNodes } from '../cluster/nodes.js'
import { root } from '../product.js'
import { type Prometheus, startPrometheus } from './prometheus.js'

const ruleFile = join(root, 'deploy/prometheus/switchboard.rules.yml')
const promtool = (...args: readonly string[]) => spawnSync('promtool', [...args], { encoding: 'utf8' })

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}
const dashboard = async () =>
  JSON.parse(await readFile(join(root, 'deploy/grafana/switchboard.json'), 'utf8')) as {
    panels: readonly Panel[]
  }

/** As Grafana puts values in the place of its variables. */
const filledIn = (expression: string) =>
  expression
    .replaceAll('$job', 'switchboard')
    .replaceAll('$instance', '.*')
    .replaceAll('$__rate_interval', '30s')

let nodes: Nodes
let prometheus: Prometheus
beforeAll(async () => {
  nodes = await startNodes(2)
  const [one, two] = nodes.nodes
  if (!one || !two) throw new Error('no nodes')
  prometheus = await startPrometheus(
    nodes.nodes.map(({ admin }) => new URL(admin).host),
    ruleFile,
  )
  const [caller, callee] = [await rover(one), await rover(two)]
  caller.call(callee.number)
  await callee.next('call')
  callee.accept(caller.number)
  await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
  const seen = `count(switchboard_build_info) == 2 and sum(increase(switchboard_relay_seconds_count[30s])) >= 0`
  const deadline = Date.now() + 20_000
  while ((await prometheus.query(seen)).length === 0) {
    if (Date.now() > deadline) throw new Error('Prometheus does not see both nodes')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}, 90_000)
afterAll(async () => {
  await prometheus?.stop()
  await nodes?.dispose()
})

it('the alerts are well formed, fire when they should, and are quiet otherwise', async () => {
  const checked = promtool('check', 'rules', ruleFile)
  expect(checked.stdout + checked.stderr).toContain('SUCCESS')
  const tested = promtool('test', 'rules', join(root, 'deploy/prometheus/switchboard.rules.test.yml'))
  expect(tested.stdout + tested.stderr).toMatch(/SUCCESS\s*$/)
  expect(tested.status).toBe(0)
  const [rules, tests] = await Promise.all(
    [ruleFile, ruleFile.replace('.yml', '.test.yml')].map(file => readFile(file, 'utf8')),
  )
  const alerts = [...(rules ?? '').matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
  expect(alerts.length).toBeGreaterThan(25)
  for (const alert of alerts) {
    expect(tests).toContain(`name: '${alert} fires'`)
    expect(tests).toContain(`name: '${alert} is quiet'`)
  }
  const documented = await readFile(join(root, 'docs/operations.md'), 'utf8')
  expect([...documented.matchAll(/^\| `(Switchboard\w+)` \|/gm)].map(([, name]) => name)).toEqual(alerts)
  expect(promtool('check', 'config', join(root, 'deploy/prometheus/prometheus.yml')).status).toBe(0)
})

it('every expression of the dashboard has an answer, from a cluster with a call', async () => {
  const { panels } = await dashboard()
  const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
  expect(asked.length).toBeGreaterThan(60)
  for (const { title, expr } of asked) {
    const found = await prometheus.query(filledIn(expr))
    expect(found.length, `${title}: ${expr}`).toBeGreaterThan(0)
  }
})

it('every alert is evaluated, none fires for healthy nodes, and what each looks at is there', async () => {
  const rules = await prometheus.rules()
  expect(rules.length).toBeGreaterThan(25)
  for (const rule of rules) expect(rule.health, `${rule.name}: ${rule.lastError}`).toBe('ok')
  const firing = await prometheus.query('ALERTS{alertstate="firing"}')
  expect(firing.map(({ metric }) => metric.alertname)).toEqual([])
  const names = new Set(
    (await readFile(ruleFile, 'utf8')).match(/\b(?:switchboard|nodejs|process)_[a-z_]+(?=[{[])/g),
  )
  expect(names.size).toBeGreaterThan(20)
  for (const name of names) expect(await prometheus.query(`count(${name})`), name).toHaveLength(1)
})
