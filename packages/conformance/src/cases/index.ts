import { dialogueCases } from '../dialogues/replay.js'
import type { Case } from '../run/case.js'
import { accounts } from './accounts.js'
import { calls } from './calls.js'
import { candidateCases } from './candidates.js'
import { connect } from './connect.js'
import { blocks, contacts } from './contacts.js'
import { devices, glare } from './devices.js'
import { form } from './form.js'
import { frames, payloads } from './frames.js'
import { history } from './history.js'
import { acknowledging } from './ids.js'
import { limitCases } from './limits.js'
import { numbers } from './numbers.js'
import { parties } from './parties.js'
import { reset } from './reset.js'
import { resume } from './resume.js'
import { timers } from './timers.js'
import { tokens } from './tokens.js'

/** Sections as they are shown, in the contract's order. */
export const sections: Readonly<Record<string, string>> = {
  numbers: 'Numbers, names, passwords',
  form: 'The form of REST',
  accounts: 'Accounts and logins',
  tokens: 'Tokens',
  contacts: 'Contacts and presence',
  blocks: 'Blocks',
  history: 'Call history',
  reset: 'Password reset',
  connect: 'Connecting',
  ids: 'Acknowledging',
  call: 'Calls',
  devices: 'Several devices',
  glare: 'Glare',
  candidates: 'ICE candidates',
  frames: 'Frames and sizes',
  payloads: 'Opaque payloads',
  resume: 'Resuming',
  timers: 'Timers',
  dialogue: 'Recorded dialogues',
  limits: 'Limits',
}

/** Everything that the kit tries. */
export const allCases = (): readonly Case[] => [
  ...[...numbers, ...form, ...accounts, ...tokens, ...contacts, ...blocks, ...history, ...reset],
  ...[...connect, ...acknowledging, ...calls, ...parties, ...devices, ...glare, ...candidateCases],
  ...[...frames, ...payloads, ...resume, ...timers, ...dialogueCases(), ...limitCases],
]
