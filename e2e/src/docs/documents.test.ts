import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { promisify } from 'node:util'
import { closeEvents, down, up } from '@switchboard/protocol'
import { Compile } from 'typebox/compile'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../product.js'
import { running } from '../running.js'
import { block, blocks, inPlace } from './blocks.js'
import { anchors, codeLines, documents, inlineCode, isThere, prose, read, sources } from './repository.js'

const run = promisify(execFile)
const server = running()

/** What is wrong in any document, with its place. */
const faultsIn = (look: (file: string) => Iterable<string>) =>
  documents.flatMap(file => [...look(file)].map(fault => `${file}: ${fault}`))

const code = (file: string) => [...inlineCode(file), ...codeLines(file)]

describe('the documents', () => {
  it('link to what is there', () => {
    const faults = faultsIn(function* (file) {
      const text = prose(file).replaceAll(/`[^`\n]+`/g, '')
      for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path))
        if (!isThere(target)) yield link
        else if (anchor !== undefined && target.endsWith('.md') && !anchors(target).has(anchor))
          yield `${link}: no such heading`
      }
    })
    expect(faults).toEqual([])
  })

  it('name scripts of the repository', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const faults = faultsIn(function* (file) {
      for (const [, name = ''] of read(file).matchAll(/npm run ([a-z][a-z:-]*[a-z])/g))
        if (!(name in scripts)) yield name
    })
    expect(faults).toEqual([])
  })

  it('name files of the repository', () => {
    // What is made when it runs, what is yours, and what is elsewhere in the world.
    const elsewhere = [/^(\.\/)?(data|keys|app|secrets)\//, /^(\.\/)?data$/, /^DATA_DIR\//, /\/\//, /^@/]
    const places = ['', ...['server', 'protocol', 'web', 'client'].map(name => `packages/${name}/src`)]
    const faults = faultsIn(function* (file) {
      for (const written of inlineCode(file)) {
        if (!/^[\w.@-]+\/[\w./@-]*$/.test(written) || elsewhere.some(each => each.test(written))) continue
        // A name of npm, of a MIME type or of a fraction has no dot and no slash at its end.
        if (!/\.\w+$|\/$|^(packages|docs|deploy|e2e|bench)\//.test(written)) continue
        if (![...places, posix.dirname(file)].some(place => isThere(posix.join(place, written))))
          yield written
      }
    })
    expect(faults).toEqual([])
  })

  it('name settings, or members of messages', () => {
    const settings =
      read('.env.example')
        .match(/^#?[A-Z][A-Z0-9_]+(?==)/gm)
        ?.map(name => name.replace('#', '')) ?? []
    const known = new Set([
      ...settings,
      ...settings.map(name => `${name}_FILE`),
      ...['NAME_FILE'], // stands for every secret's
      ...[...Object.values(up), ...Object.values(down)].flatMap(({ properties }) => Object.keys(properties)),
    ])
    // What tests, measurements, the command line and the files of a deployment read beside them.
    const readElsewhere = read('compose.yaml').concat(
      sources(['deploy', 'e2e', 'bench', 'packages/server/src/cli', 'packages/server/src/config']),
    )
    const faults = faultsIn(function* (file) {
      for (const [name] of code(file)
        .join('\n')
        .matchAll(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g))
        if (!known.has(name) && !readElsewhere.includes(name)) yield name
    })
    expect(settings.length).toBeGreaterThan(40)
    expect(faults).toEqual([])
  })

  it('give commands and options that the program has', { timeout: 120_000 }, async () => {
    const main = join(root, 'packages/server/dist/main.js')
    const helps = new Map<string, Promise<string>>()
    const help = (words: readonly string[]) => {
      const key = words.join(' ')
      const asked =
        helps.get(key) ?? run(process.execPath, [main, ...words, '--help']).then(({ stdout }) => stdout)
      helps.set(key, asked)
      return asked
    }
    const faults: string[] = []
    for (const file of documents)
      for (const line of code(file)) {
        const [, rest = ''] =
          line.match(
            /^\s*(?:[A-Z_]+=\S+ )*(?:npx )?(?:switchboard|npm run switchboard --|node packages\/server\/dist\/main\.js) (.*)$/,
          ) ?? []
        const words = rest
          .replace(/\s#.*$/, '')
          .trim()
          .split(/\s+/)
        let text = await help([])
        const path: string[] = []
        for (const word of words) {
          if (!/^[a-z]+$/.test(word) || !new RegExp(`^ {2}${word}\\b`, 'm').test(text)) break
          path.push(word)
          text = await help(path)
        }
        if (/^[a-z]/.test(rest) && path.length === 0) faults.push(`${file}: ${line}`)
        for (const option of words.filter(word => word.startsWith('--')))
          if (!text.includes(option.replace(/=.*/, ''))) faults.push(`${file}: ${line}: ${option}`)
      }
    expect(faults).toEqual([])
    expect(helps.size).toBeGreaterThan(4)
  })

  it('name figures that there are', () => {
    // docs/metrics.md itself is held to what is registered by e2e/src/metrics/metrics.test.ts.
    const registered = new Set(read('docs/metrics.md').match(/(?<=\| `)switchboard_[a-z_]+/g))
    const faults = faultsIn(function* (file) {
      for (const [name] of code(file)
        .join('\n')
        .matchAll(/\bswitchboard_[a-z_]+[a-z]\b/g))
        if (![name, name.replace(/_(bucket|count|sum)$/, '')].some(each => registered.has(each))) yield name
    })
    expect(registered.size).toBeGreaterThan(40)
    expect(faults).toEqual([])
  })

  it('name codes, fields and events that the sources know', () => {
    const source = sources(['packages', 'deploy', 'e2e', 'bench'])
    // Programs and parameters of databases.
    const foreign = /^(pg|yb|ysql)_|^autocommit_before_ddl$/
    const closing = new Set(Object.values(closeEvents).map(({ code }) => String(code)))
    const faults = faultsIn(function* (file) {
      for (const word of inlineCode(file))
        if (/^[a-z]+(_[a-z]+)+$/.test(word) && !foreign.test(word) && !source.includes(word)) yield word
      for (const [number] of prose(file).matchAll(/\b44\d\d\b/g)) if (!closing.has(number)) yield number
    })
    expect(faults).toEqual([])
  })

  it('have JSON that can be read, and messages as they are sent', () => {
    const directed = { '→': up, '←': down } as Record<string, Record<string, { properties: object }>>
    const faults = faultsIn(function* (file) {
      for (const { language, text } of blocks(file)) {
        if (language !== 'json') continue
        let value: { REASON?: string }
        try {
          value = JSON.parse(text)
        } catch (error) {
          yield `${text}: ${error}`
          continue
        }
        const schemas = [up, down].flatMap(each => Object.entries(each))
        const own = schemas.filter(([reason]) => reason === value.REASON)
        if (value.REASON !== undefined && !own.some(([, schema]) => Compile(schema).Check(value))) yield text
      }
      // In a dialogue what is of no interest is left out.
      for (const line of codeLines(file)) {
        const [, arrow = '', written = ''] = line.match(/^\s*([→←]) (\{"REASON".*\})$/) ?? []
        if (arrow === '') continue
        const { REASON, ...members } = JSON.parse(written.replace(/, …\}$/, '}'))
        const known = directed[arrow]?.[REASON]?.properties ?? {}
        for (const member of Object.keys(members)) if (!(member in known)) yield `${line}: ${member}`
      }
    })
    expect(faults).toEqual([])
  })

  it.each(['kotlin', 'swift'])('speak in %s as the protocol does', language => {
    const text = block('docs/plain-messages.md', language)
    const members = new Set(
      [...Object.values(up), ...Object.values(down)].flatMap(({ properties }) => Object.keys(properties)),
    )
    const sent = [...text.matchAll(/"REASON"(?: to|:) "(\w+)"/g)].map(([, reason]) => reason)
    const heard = [...text.matchAll(/(?:case "(\w+)":|"(\w+)" ->)/g)].map(
      ([, swift, kotlin]) => swift ?? kotlin,
    )
    expect(sent.sort()).toEqual(Object.keys(up).sort())
    expect(heard.sort()).toEqual(
      Object.keys(down)
        .filter(reason => reason !== 'ack')
        .sort(),
    )
    const named = [...text.matchAll(/"([A-Z_]{2,})"/g)].map(([, member = '']) => member)
    expect(named.filter(member => !members.has(member))).toEqual([])
  })
})

describe('routes', () => {
  let paths: Record<string, object>
  beforeAll(async () => {
    paths = (await server.rest('GET', '/openapi.json')).body.paths as typeof paths
  })

  it('that a method stands before are of the API', () => {
    const faults = faultsIn(function* (file) {
      for (const [, method = '', path = ''] of code(file)
        .join('\n')
        .matchAll(/\b(GET|POST|PUT|DELETE) (\/[a-z_][\w./-]*)/g))
        if (!(method.toLowerCase() in (paths[path] ?? {}))) yield `${method} ${path}`
    })
    expect(faults).toEqual([])
  })

  it('that curl is told are of the API', () => {
    const faults = faultsIn(function* (file) {
      for (const line of codeLines(file).filter(each => each.includes('curl')))
        for (const [, path = ''] of line.matchAll(/localhost:8080(\/[\w./-]+)/g))
          if (!(path in paths)) yield path
    })
    expect(faults).toEqual([])
  })

  it('work as the first page says: its lines are run as they stand', async () => {
    const there = { 'http://localhost:8080': server.api }
    const ready = await run('bash', ['-ec', inPlace(block('docs/start.md', 'sh', 'health'), there)])
    expect(JSON.parse(ready.stdout)).toMatchObject({ status: 'ok' })
    const { stdout } = await run('bash', ['-ec', inPlace(block('docs/start.md', 'sh', 'create_user'), there)])
    const promised = inlineCode('docs/start.md').find(each => each.startsWith('{"firstname"')) ?? ''
    expect(JSON.parse(promised)).toMatchObject({ firstname: 'First' })
    expect(stdout.endsWith(promised)).toBe(true)
  })

  it('work as the guide says: its lines are run as they stand', async () => {
    const there = { 'http://localhost:8080': server.api }
    const fromGuide = (words: string) => inPlace(block('docs/guide.md', 'sh', words), there)
    // The first of the two people is there from the page before.
    const made = await run('bash', ['-ec', fromGuide('create_user')])
    expect(made.stdout).toContain('"phone_number":"1212121212"')
    const { token } = JSON.parse((await run('bash', ['-ec', fromGuide('/login')])).stdout) as {
      token: string
    }
    const env = { ...process.env, TOKEN: token }
    const me = await run('bash', ['-ec', fromGuide('/get_user')], { env })
    expect(JSON.parse(me.stdout)).toMatchObject({ phone_number: '1234567890' })
    const wishes = await run('bash', ['-ec', fromGuide('/put_settings')], { env })
    expect(wishes.stdout).toContain('"relay_only_for_strangers":true')
  })
})

it('are looked at: every one of them, as it stands', () => {
  expect(documents.length).toBeGreaterThanOrEqual(17)
  expect(readFileSync(join(root, 'docs/start.md'), 'utf8')).toContain('npm start')
})
