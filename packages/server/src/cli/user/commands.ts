import { numberingPlan } from '../../directory/phone-number.js'
import { CommandError, exitCodes } from '../exit-codes.js'
import { type Opened, withDatabase } from '../open-database.js'
import { columns, printable } from '../text.js'
import type { World } from '../world.js'
import { type Account, findAccount, listAccounts, nameOf, usageOf } from './accounts.js'
import { operator } from './operator.js'

interface Json {
  readonly json?: boolean
}

export const list = (world: World, { json, limit }: Json & { readonly limit: number }): Promise<void> =>
  withDatabase(world, async ({ database }) => {
    const { terminal } = world
    const found = await listAccounts(database, limit + 1) // one more tells whether there are more
    const accounts = found.slice(0, limit)
    if (json) for (const account of accounts) terminal.out(JSON.stringify(account))
    else if (accounts.length > 0) for (const line of table(accounts)) terminal.out(line)
    else terminal.err('There are no accounts yet.')
    if (found.length > limit) terminal.err(`There are more: --limit ${limit * 10} shows up to ${limit * 10}.`)
  })

function table(accounts: readonly Account[]): string[] {
  const rows = accounts.map(account => [
    printable(account.phone_number),
    statusOf(account),
    account.created_at.toISOString().slice(0, 10),
    printable(account.email),
    printable(`${account.firstname} ${account.lastname}`),
  ])
  return columns([['NUMBER', 'STATUS', 'SINCE', 'EMAIL', 'NAME'], ...rows])
}

export const show = (world: World, who: string, { json }: Json): Promise<void> =>
  withAccount(world, who, async (account, { database }) => {
    const usage = await usageOf(database, account.id)
    if (json) return world.terminal.out(JSON.stringify({ ...account, ...usage }))
    const lines = columns([
      ['number', printable(account.phone_number)],
      ['name', printable(`${account.firstname} ${account.lastname}`)],
      ['email', printable(account.email)],
      ['id', account.id],
      ['status', statusOf(account)],
      ['since', account.created_at.toISOString()],
      ...(account.disabled_at ? [['disabled', account.disabled_at.toISOString()]] : []),
      ['logins', String(usage.logins)],
      ['contacts', String(usage.contacts)],
      ['calls', String(usage.calls)],
    ])
    for (const line of lines) world.terminal.out(line)
  })

const statusOf = ({ disabled_at }: Account) => (disabled_at ? 'disabled' : 'active')

export const disable = (world: World, who: string): Promise<void> =>
  withAccount(world, who, async (account, opened) => {
    const changed = await operator(opened).disable(account.id)
    world.terminal.out(
      changed
        ? `disabled ${nameOf(account)}: all logins have ended`
        : `${nameOf(account)} is disabled already`,
    )
  })

export const enable = (world: World, who: string): Promise<void> =>
  withAccount(world, who, async (account, opened) => {
    const changed = await operator(opened).enable(account.id)
    world.terminal.out(changed ? `enabled ${nameOf(account)}` : `${nameOf(account)} is not disabled`)
  })

export const remove = (world: World, who: string, { yes }: { readonly yes?: boolean }): Promise<void> =>
  withAccount(world, who, async (account, opened) => {
    if (!yes)
      throw new CommandError(
        `this deletes ${nameOf(account)} with contacts, logins and history, for good: say --yes`,
        exitCodes.usage,
      )
    await operator(opened).delete(account.id)
    world.terminal.out(`deleted ${nameOf(account)}`)
  })

const withAccount = (
  world: World,
  who: string,
  work: (account: Account, opened: Opened) => void | Promise<void>,
): Promise<void> =>
  withDatabase(world, async opened => {
    const canonicalise = numberingPlan(opened.config.numbering)
    await work(await findAccount(opened.database, canonicalise, who), opened)
  })
