// Writes dialogues/ anew from a server that runs: npm run conformance:dialogues -- http://localhost:8080 [directory]
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { readOptions } from '../cli/options.js'
import { writeDialogue } from '../dialogues/dialogue.js'
import { gather } from '../people/company.js'
import { openNumber } from '../people/member.js'
import { probe } from '../run/probe.js'
import { askOf } from '../run/runner.js'
import { keepTranscript } from '../run/transcript.js'
import { beginTrial } from '../run/trial.js'
import { record } from './record.js'
import { scripts } from './scripts.js'

const published = fileURLToPath(new URL('../../dialogues/', import.meta.url))
const [url = '', directory = published] = process.argv.slice(2)
const wish = readOptions([url])
if (wish.kind !== 'run') throw new Error('say where the server is')
const { server } = wish.options
const company = gather()
const target = { ...server, ...(await probe(server, company, server)), freshNumber: openNumber }

mkdirSync(directory, { recursive: true })
for (const name of readdirSync(directory)) if (name.endsWith('.jsonl')) rmSync(join(directory, name))
let turns = 0
for (const script of scripts) {
  const transcript = keepTranscript(() => performance.now())
  const trial = beginTrial({ target, company, transcript, aboutLimits: false, turn: () => turns++ })
  try {
    writeFileSync(join(directory, `${script.name}.jsonl`), writeDialogue(await record(trial, script)))
  } finally {
    await trial.end()
  }
}
await company.leave(askOf(server))
