import { writeFile } from 'node:fs/promises'
import { readWire, wireFile } from '../reference/read-wire.js'

// Records the wire of the protocol's version; `--release` when that version is about to be everybody's.
const { now, version, recorded } = await readWire()
const isSame = now.messages === recorded.messages && now.routes === recorded.routes
if (recorded.version === version && recorded.released && !isSame) {
  process.stderr.write(
    `${version} is released, with another wire: a changeset first (CONTRIBUTING.md, "A release")\n`,
  )
  process.exitCode = 1
} else {
  const released = process.argv.includes('--release') || (recorded.version === version && recorded.released)
  await writeFile(wireFile, `${JSON.stringify({ version, released, ...now }, null, 2)}\n`)
  process.stdout.write(`protocol ${version}: messages ${now.messages}, routes ${now.routes}\n`)
}
