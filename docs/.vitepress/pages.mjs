// What the site is made of: Markdown as it stands in the repository, in the order in which one would read it. A page of
// docs/ that is not named here comes last, so that nothing is left out.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..', '..')

/** Pages that stand elsewhere in the repository, and their names on the site. */
export const elsewhere = {
  'docs/README.md': 'index.md',
  'packages/client/README.md': 'sdk.md',
  'SECURITY.md': 'threat-model.md',
  'ARCHITECTURE.md': 'architecture.md',
  'CONTRIBUTING.md': 'contributing.md',
  'CHANGELOG.md': 'changelog.md',
}

const groups = {
  Begin: ['start.md', 'guide.md'],
  'Build an app': ['build-an-app.md', 'plain-messages.md', 'what-goes-wrong.md', 'sdk.md'],
  Reference: [
    'protocol.md',
    'reference/signaling.md',
    'reference/rest.md',
    'limits.md',
    'metrics.md',
    'webhooks.md',
    'conformance.md',
  ],
  'Run it': ['deployment.md', 'operations.md', 'upgrading.md', 'scaling.md', 'databases.md'],
  'What it promises': ['security.md', 'threat-model.md', 'reliability.md', 'performance.md'],
  'The project': ['architecture.md', 'contributing.md', 'changelog.md'],
}

/** Every page by its file in the repository, with its name on the site. */
export function pages() {
  const all = new Map(Object.entries(elsewhere).filter(([file]) => existsSync(join(root, file))))
  for (const name of readdirSync(join(root, 'docs'), { recursive: true }))
    if (name.endsWith('.md') && !name.startsWith('.') && name !== 'README.md')
      all.set(posix.join('docs', name), name)
  return all
}

const titleOf = file => readFileSync(join(root, file), 'utf8').match(/^# (.+)$/m)?.[1] ?? file

/** The navigation: groups of pages that are there. */
export function navigation() {
  const files = new Map([...pages()].map(([file, name]) => [name, file]))
  const item = name => ({ text: titleOf(files.get(name)), link: `/${name.replace(/\.md$/, '.html')}` })
  const named = new Set(['index.md', ...Object.values(groups).flat()])
  const rest = [...files.keys()].filter(name => !named.has(name)).sort()
  return Object.entries({ ...groups, More: rest })
    .map(([text, names]) => ({ text, items: names.filter(name => files.has(name)).map(item) }))
    .filter(({ items }) => items.length > 0)
}

/** Where a link in a file of the repository leads on the site; undefined where it leads to no page. */
export function onSite(from, href) {
  const [path, anchor] = href.split('#')
  const name = pages().get(posix.normalize(posix.join(dirname(from), path)))
  return name && `/${name}${anchor === undefined ? '' : `#${anchor}`}`
}
