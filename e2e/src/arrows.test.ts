import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const check = fileURLToPath(new URL('../../.dependency-cruiser/check.mjs', import.meta.url))

const directories: string[] = []
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
})

interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Checks a tree of these files, each of which imports those; `absent` is imported and not there. */
async function arrows(imports: Record<string, string[]>, floor = 1, absent = ''): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-arrows-'))
  directories.push(directory)
  const targets = Object.values(imports)
    .flat()
    .filter(target => target !== absent)
  for (const file of [...targets, ...Object.keys(imports)]) {
    const depth = file.split('/').length - 1
    const lines = (imports[file] ?? []).map(to => `import '${'../'.repeat(depth)}${to.replace(/ts$/, 'js')}'`)
    const path = join(directory, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${lines.join('\n')}\nexport const here = 1\n`)
  }
  return new Promise(resolve => {
    execFile(process.execPath, [check, directory, String(floor)], (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

const at = (path: string) => `packages/server/src/${path}`
const protocol = 'packages/protocol/src/index.ts'

test('arrows that point the right way pass, and every file is looked at', async () => {
  const { code, out, err } = await arrows({
    [at('exchange/ring.ts')]: [protocol, at('exchange/call.ts')],
    [at('directory/users.ts')]: [protocol, at('limits.ts'), at('storage/database.ts')],
    [at('signaling/act.ts')]: [at('exchange/ring.ts'), at('directory/users.ts'), at('storage/errors.ts')],
    [at('storage/users.ts')]: [at('directory/users.ts'), at('storage/database.ts')],
    [at('app.ts')]: [at('signaling/act.ts'), at('storage/users.ts')],
    [at('cli/serve.ts')]: [at('app.ts')],
    [at('main.ts')]: [at('cli/serve.ts')],
    [at('rest/server.test.ts')]: [at('storage/testing.ts'), at('app.ts')],
    'e2e/src/demo.ts': [at('app.ts'), protocol],
  })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe('arrows: 15 modules, 18 imports, 0 wrong\n')
})

test.each([
  ['no-cycles', at('rest/a.ts'), at('rest/b.ts')],
  ['protocol-stands-alone', protocol, at('limits.ts')],
  ['packages-meet-in-the-protocol', at('rest/a.ts'), 'packages/client/src/call.ts'],
  ['packages-meet-in-the-protocol', 'packages/client/src/call.ts', at('limits.ts')],
  ['the-kit-looks-from-outside', 'packages/conformance/src/cases/a.ts', protocol],
  ['the-kit-looks-from-outside', 'packages/conformance/src/cases/a.ts', at('limits.ts')],
  ['the-kit-looks-from-outside', 'packages/conformance/src/main.ts', 'packages/conformance/src/making/a.ts'],
  ['the-phone-stands-on-the-client', 'packages/web/src/state/app.ts', protocol],
  ['the-phone-stands-on-the-client', 'packages/web/src/state/app.ts', at('limits.ts')],
  ['texts-and-state-know-no-screens', 'packages/web/src/texts/en.ts', 'packages/web/src/ui/root.ts'],
  ['exchange-is-pure', at('exchange/ring.ts'), at('clock.ts')],
  ['exchange-is-pure', at('exchange/ring.ts'), at('storage/database.ts')],
  ['leaves-know-nobody', at('limits.ts'), at('rest/a.ts')],
  ['leaves-know-nobody', at('config/mail.ts'), at('mail/transport.ts')],
  ['core-knows-no-adapters', at('sessions/login.ts'), at('storage/logins.ts')],
  ['core-knows-no-adapters', at('throttles/rate.ts'), at('signaling/act.ts')],
  ['core-knows-no-adapters', at('directory/users.ts'), at('exchange/call.ts')],
  ['adapters-meet-in-app', at('rest/a.ts'), at('signaling/act.ts')],
  ['adapters-meet-in-app', at('signaling/act.ts'), at('storage/calls.ts')],
  ['storage-serves-all', at('storage/users.ts'), at('rest/a.ts')],
  ['nobody-imports-upwards', at('rest/a.ts'), at('app.ts')],
  ['nobody-imports-upwards', at('config.ts'), at('cli/serve.ts')],
  ['app-knows-no-command', at('app/accounts.ts'), at('cli/serve.ts')],
  ['tracing-is-loaded-when-asked-for', at('app.ts'), at('tracing/start.ts')],
  ['adapters-meet-in-app', at('metrics/a.ts'), at('rest/a.ts')],
  ['nobody-imports-main', at('cli/serve.ts'), at('main.ts')],
  ['every-part-has-a-place', at('utils/a.ts'), at('limits.ts')],
  ['no-tests-in-the-product', at('rest/a.ts'), at('storage/testing.ts')],
  ['no-tests-in-the-product', at('rest/a.ts'), at('rest/world.testing.ts')],
  ['nobody-imports-e2e', at('rest/a.ts'), 'e2e/src/demo.ts'],
  ['nobody-imports-e2e', at('rest/a.ts'), 'bench/src/load.ts'],
  ['bench-looks-from-outside', 'bench/src/load.ts', at('limits.ts')],
])('%s: %s -> %s is wrong', async (rule, from, to) => {
  const back = rule === 'no-cycles' ? { [to]: [from] } : {}
  const { code, err } = await arrows({ [from]: [to], ...back })
  expect(code).toBe(1)
  expect(err).toContain(`✗ ${rule}: ${from} -> `)
})

test('an import that leads nowhere is wrong', async () => {
  const from = at('rest/a.ts')
  const nowhere = at('rest/nowhere.ts')
  const { code, err } = await arrows({ [from]: [nowhere] }, 1, nowhere)
  expect(code).toBe(1)
  expect(err).toContain('no-unresolved')
})

test('a check that sees too little fails: it would pass whatever the arrows', async () => {
  const { code, err } = await arrows({ [at('rest/a.ts')]: [at('limits.ts')] }, 3)
  expect(code).toBe(1)
  expect(err).toContain('only 2 modules were looked at')
})
