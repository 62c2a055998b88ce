import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1'
import { expect, it } from 'vitest'
import { fileAt, knownVariables, yamlAt } from './read.js'

interface Manifest {
  readonly kind: string
}
type Validate = (manifest: never) => void

/** By Kubernetes' own OpenAPI schemas. They let unknown fields pass. */
const validators: Readonly<Record<string, Validate>> = {
  ConfigMap: manifest => new ConfigMap(manifest).validate(),
  Deployment: manifest => new Deployment(manifest).validate(),
  HorizontalPodAutoscaler: manifest => new HorizontalPodAutoscaler(manifest).validate(),
  Namespace: manifest => new Namespace(manifest).validate(),
  NetworkPolicy: manifest => new NetworkPolicy(manifest).validate(),
  PodDisruptionBudget: manifest => new PodDisruptionBudget(manifest).validate(),
  Service: manifest => new Service(manifest).validate(),
}
const at = (name: string) => `deploy/kubernetes/${name}`

it('the manifests fit the schemas', async () => {
  const { resources } = await yamlAt<{ resources: string[] }>(at('kustomization.yaml'))
  const kinds: string[] = []
  for (const name of resources) {
    const manifest = await yamlAt<Manifest>(at(name))
    const validate = validators[manifest.kind]
    expect(() => validate?.(manifest as never), name).not.toThrow()
    kinds.push(manifest.kind)
  }
  expect(kinds.sort()).toEqual(Object.keys(validators))
  expect(() => validators.Deployment?.({ spec: { replicas: 'two' } } as never)).toThrow()
})

it('the settings are settings of the product, and its secrets lie where the pod mounts them', async () => {
  const known = await knownVariables()
  const { data } = await yamlAt<{ data: Record<string, string> }>(at('settings.yaml'))
  for (const name of Object.keys(data)) expect(known, name).toContain(name)
  const files = Object.entries(data).filter(([name]) => name.endsWith('_FILE'))
  expect(files).toHaveLength(4)
  for (const [, path] of files) expect(path).toMatch(/^\/run\/secrets\/switchboard\//)
  expect(await fileAt(at('deployment.yaml'))).toContain('mountPath: /run/secrets/switchboard,')
})

it('a pod has time for preStop and for the 30 s of draining', async () => {
  const { spec } = await yamlAt<{
    spec: {
      template: {
        spec: {
          terminationGracePeriodSeconds: number
          containers: { lifecycle: { preStop: { exec: { command: string[] } } } }[]
        }
      }
    }
  }>(at('deployment.yaml'))
  const pod = spec.template.spec
  const [, waits] = pod.containers[0]?.lifecycle.preStop.exec.command ?? []
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(waits) + 30)
})

it('the autoscaler asks for a metric that the adapter makes of one that there is', async () => {
  const [autoscaler, adapter, metrics] = await Promise.all(
    [at('autoscaler.yaml'), at('prometheus-adapter.yaml'), 'docs/metrics.md'].map(fileAt),
  )
  const [, name = ''] = /metric: \{ name: (\w+) \}/.exec(`${autoscaler}`) ?? []
  expect(adapter).toContain(`as: ${name} }`)
  expect(adapter).toContain(`seriesQuery: '${name}{`)
  expect(metrics).toContain(`| \`${name}\` | gauge |`)
})
