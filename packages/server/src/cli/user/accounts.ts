import type { UserId } from '@switchboard/protocol'
import type { Canonicalise } from '../../directory/phone-number.js'
import { emailKey } from '../../sessions/email-key.js'
import { type Queryable, type Statement, statement } from '../../storage/database.js'
import { CommandError } from '../exit-codes.js'
import { printable } from '../text.js'

/** An account as an operator sees it. */
export interface Account {
  readonly id: UserId
  readonly phone_number: string
  readonly email: string
  readonly firstname: string
  readonly lastname: string
  readonly created_at: Date
  readonly disabled_at: Date | null
}

export interface Usage {
  readonly logins: number
  readonly contacts: number
  readonly calls: number
}

const columns = 'id, phone_number, email, firstname, lastname, created_at, disabled_at'

const byId = statement<Account>('cli.user_by_id', `select ${columns} from users where id = $1`)
const byEmail = statement<Account>('cli.user_by_email', `select ${columns} from users where email_key = $1`)
const byNumber = statement<Account>(
  'cli.user_by_number',
  `select ${columns} from users where phone_number = $1`,
)
const oldest = statement<Account>('cli.users', `select ${columns} from users order by id limit $1`)
const usage = statement<Usage>(
  'cli.user_usage',
  `select
     (select count(*)::int from logins where user_id = $1 and ended_at is null and expires_at > now()) as logins,
     (select count(*)::int from contacts where owner_id = $1) as contacts,
     (select count(*)::int from calls where caller_id = $1 or callee_id = $1) as calls`,
)

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The account that an operator means by its number, mail address or id. */
export async function findAccount(db: Queryable, canonicalise: Canonicalise, who: string): Promise<Account> {
  const [account] = await search(db, canonicalise, who)
  if (account === undefined) throw new CommandError(`there is no account "${printable(who)}"`)
  return account
}

async function search(db: Queryable, canonicalise: Canonicalise, who: string): Promise<Account[]> {
  const ask = (query: Statement<Account>, value: string) => db.query(query, [value])
  if (uuid.test(who)) return ask(byId, who)
  if (who.includes('@')) return ask(byEmail, emailKey(who))
  const number = canonicalise(who)
  return number === undefined ? [] : ask(byNumber, number)
}

export const listAccounts = (db: Queryable, limit: number): Promise<Account[]> => db.query(oldest, [limit])

export async function usageOf(db: Queryable, id: UserId): Promise<Usage> {
  const [row] = await db.query(usage, [id])
  return row ?? { logins: 0, contacts: 0, calls: 0 }
}

/** How a person tells accounts apart. */
export const nameOf = (account: Account): string =>
  printable(`${account.phone_number} (${account.firstname} ${account.lastname})`)
