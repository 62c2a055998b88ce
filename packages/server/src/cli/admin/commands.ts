import { randomInt } from 'node:crypto'
import type { AdministratorRow, Role } from '@switchboard/protocol/admin'
import { AdminRefusal } from '../../administrators/admin-refusal.js'
import type { Config } from '../../config.js'
import { Refusal } from '../../refusal.js'
import { CommandError, exitCodes } from '../exit-codes.js'
import { type Opened, withDatabase } from '../open-database.js'
import { columns, printable } from '../text.js'
import type { World } from '../world.js'
import { operator as makeOperator } from './operator.js'

type Work = (operator: ReturnType<typeof makeOperator>, opened: Opened) => Promise<void>

export interface CreateOptions {
  readonly role: Role
  readonly ask?: boolean
}

/** With a password that is asked for, or with one that is made up and printed once. */
export async function create(world: World, name: string, { role, ask }: CreateOptions): Promise<void> {
  const { terminal } = world
  if (name.trim() === '' || printable(name) !== name || name.length > 100) {
    throw new CommandError('a name has up to 100 characters, and something to see', exitCodes.usage)
  }
  await withOperator(world, async ({ accounts, told }, { config }) => {
    const password = ask ? await world.askSecret('Password: ') : newPassword()
    const id = await accounts.create(name, role, password)
    await told('administrator.create', id, { role })
    terminal.out(`made the administrator ${name.trim()} (${role})`)
    if (!ask) terminal.out(`password: ${password}`)
    terminal.err(`Sign in at ${panelOf(config)} and set up a second factor there.`)
  })
}

export const list = (world: World, { json }: { readonly json?: boolean }): Promise<void> =>
  withOperator(world, async ({ accounts }) => {
    const { terminal } = world
    const all = await accounts.list()
    if (json) for (const administrator of all) terminal.out(JSON.stringify(administrator))
    else if (all.length > 0) for (const line of table(all)) terminal.out(line)
    else terminal.err('There are no administrators yet: switchboard admin create <name>')
  })

function table(all: readonly AdministratorRow[]): string[] {
  const rows = all.map(each => [
    printable(each.name),
    each.role,
    each.isDisabled ? 'disabled' : each.isInvited ? 'invited' : 'active',
    each.hasSecondFactor ? 'yes' : 'no',
    each.lastSignInAt?.slice(0, 16).replace('T', ' ') ?? 'never',
  ])
  return columns([['NAME', 'ROLE', 'STATUS', 'SECOND FACTOR', 'SIGNED IN (UTC)'], ...rows])
}

export const disable = (world: World, name: string): Promise<void> =>
  withAdministrator(world, name, async (id, { accounts, told }) => {
    await accounts.disable(id)
    await told('administrator.disable', id)
    world.terminal.out(`disabled ${printable(name)}: all sessions have ended`)
  })

export const enable = (world: World, name: string): Promise<void> =>
  withAdministrator(world, name, async (id, { accounts, told }) => {
    await accounts.enable(id)
    await told('administrator.enable', id)
    world.terminal.out(`enabled ${printable(name)}`)
  })

/** For who has lost the password or the second factor. */
export const reset = (world: World, name: string): Promise<void> =>
  withAdministrator(world, name, async (id, { accounts, told }, { config }) => {
    const { token, expiresAt } = await accounts.resetAnybody(id)
    await told('administrator.reset', id)
    const { terminal } = world
    terminal.out(`${panelOf(config)}/invitation#${token}`)
    terminal.err(`${printable(name)} chooses a new password there, until ${expiresAt.toISOString()}.`)
  })

const panelOf = ({ adminOrigin, adminPort }: Pick<Config, 'adminOrigin' | 'adminPort'>) =>
  adminOrigin ?? `http://localhost:${adminPort}`

const withOperator = (world: World, work: Work): Promise<void> =>
  withDatabase(world, async opened => {
    try {
      await work(makeOperator(opened), opened)
    } catch (error) {
      if (error instanceof Refusal || error instanceof AdminRefusal)
        throw new CommandError(lower(error.message))
      throw error
    }
  })

const withAdministrator = (
  world: World,
  name: string,
  work: (id: string, ...more: Parameters<Work>) => Promise<void>,
): Promise<void> =>
  withOperator(world, async (made, opened) => {
    const administrator = await made.accounts.byName(name)
    if (!administrator) throw new CommandError(`there is no administrator "${printable(name)}"`)
    await work(administrator.id, made, opened)
  })

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** 115 random bits, in groups that can be read out. */
function newPassword(): string {
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
