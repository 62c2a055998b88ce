// What the scripts here share: the product, other people's tools, and one line of judgement.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProduct } from '../dist/product.js'
import { say } from './tools.mjs'

export { need, say, stopFor } from './tools.mjs'

/** Runs a tool to its end, or for as long as it may take; gives what it printed. */
export function run(command, args, { withinMs, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let cutShort = false
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    }
    const timer = setTimeout(() => {
      cutShort = true
      child.kill('SIGTERM')
    }, withinMs)
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ code, output, cutShort })
    })
  })
}

/** Runs a script with a product of its own (default settings but for `env`) and a directory for its files. */
export async function withProduct(env, script) {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-outside-'))
  const product = await startProduct({ env: { RATE_LIMITS: 'on', ...env } }) // the tests' own default is off
  try {
    await script({ product, dir })
    await product.stop()
  } finally {
    await product.dispose()
    await rm(dir, { recursive: true, force: true })
  }
}

let failed = false
process.on('exit', () => {
  if (failed) process.exitCode = 1
})

export function judge(what, isRight, figure) {
  failed ||= !isRight
  say(`${isRight ? 'PASS' : 'FAIL'}  ${what}: ${figure}`)
}

/** Faults of ours that the product logged: every one is a 5xx that somebody got. */
export const faultsIn = product =>
  product
    .logs()
    .split('\n')
    .filter(line => /"level":"(error|fatal)"/.test(line))

/** One request with a JSON body, as the seed's clients send it, from a local address of choice. */
export function ask(base, method, path, { body, token, from } = {}) {
  const text = body && JSON.stringify(body)
  const headers = {
    ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...(token && { authorization: token }),
  }
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...(from && { localAddress: from }) }
    const asked = request(new URL(path, base), options, response => {
      let answer = ''
      response.setEncoding('utf8').on('data', chunk => {
        answer += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body: answer && JSON.parse(answer) }))
    })
    asked.on('error', reject)
    asked.end(text)
  })
}

let people = 0

/** Somebody with an account, logged in. */
export async function person(api) {
  people += 1
  const account = {
    firstname: 'First',
    lastname: 'Last',
    phone_number: String(4_000_000_000 + people),
    email: `outside${people}@domain.yup`,
    password: 'SuperSecure',
  }
  await ask(api, 'POST', '/create_user', { body: account })
  const { email, password } = account
  const { body } = await ask(api, 'POST', '/login', { body: { email, password } })
  return { ...account, token: body.token }
}

/** Every operation of `/openapi.json`, with a body made of the examples. */
export async function operations(api) {
  const { body: document } = await ask(api, 'GET', '/openapi.json')
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      parameters: (operation.parameters ?? []).map(({ name }) => name),
      body: exampleOf(operation.requestBody?.content['application/json'].schema),
    })),
  )
}

function exampleOf(schema) {
  if (!schema) return undefined
  const entries = Object.entries(schema.properties).map(([name, { examples, type }]) => [
    name,
    examples?.[0] ?? (type === 'boolean' ? true : 'SuperSecure'),
  ])
  return Object.fromEntries(entries)
}
