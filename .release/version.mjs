// New versions of what changesets say has changed: one for the server and what ships with it, semver for protocol and SDK.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

// Not a dependency: 103 packages and 26 MB for something done once a release.
const changesets = '@changesets/cli@2.31.1'

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
const run = (command, ...args) => execFileSync(command, args, { stdio: 'inherit' })
const read = path => JSON.parse(readFileSync(path, 'utf8'))

run('npx', '--yes', changesets, 'version')

// The repository is the server's: it goes by its version.
const { version } = read('packages/server/package.json')
writeFileSync('package.json', `${JSON.stringify({ ...read('package.json'), version }, null, 2)}\n`)
run('npm', 'install', '--package-lock-only', '--ignore-scripts')

run('npx', 'tsc', '-b')
run(process.execPath, 'e2e/dist/release/main.js', '--release')
process.stdout.write(
  `server ${version}: give CHANGELOG.md its heading, look at the diff, commit, tag v${version}\n`,
)
