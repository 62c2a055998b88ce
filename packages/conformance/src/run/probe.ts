import type { Company } from '../people/company.js'
import { e164Number, openNumber, somebody } from '../people/member.js'
import { askOf } from './runner.js'
import type { Profile, Target } from './target.js'

export interface Found {
  readonly profile: Profile
  readonly plan: Target['plan']
}

/** The server cannot be tried at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** Enough for the standard profile, too little for the strict one; nobody else has it. */
const twelve = () =>
  Array.from({ length: 4 }, () => openNumber().slice(-3))
    .join('')
    .slice(0, 9)
    .padEnd(12, 'kQz')

/** Finds out what a server wants of passwords and numbers, by registering somebody. */
export async function probe(
  server: Pick<Target, 'apis' | 'ca'>,
  company: Company,
  known: Partial<Found>,
): Promise<Found> {
  const ask = askOf(server)
  const live = await ask('GET', '/health/live').catch((error: Error) => {
    throw new Unreachable(`${server.apis[0]} does not answer: ${error.message}`)
  })
  if (live.status >= 500) throw new Unreachable(`${server.apis[0]}/health/live answers ${live.status}`)
  if (known.profile && known.plan) return { profile: known.profile, plan: known.plan }

  const tell = (text: string) => {
    throw new Unreachable(
      `cannot find out about profile and numbers, create_user answers ${text}; say --profile and --plan`,
    )
  }
  for (const plan of known.plan ? [known.plan] : (['open', 'e164'] as const)) {
    const who = somebody(plan === 'open' ? openNumber : e164Number, { password: twelve() })
    const { status, body, text } = await ask('POST', '/create_user', { body: who })
    if (status === 201) {
      company.note(who)
      return { profile: known.profile ?? 'standard', plan }
    }
    if (body.code === 'weak_password') return { profile: known.profile ?? 'strict', plan }
    const isNumber = status === 400 && JSON.stringify(body.errors ?? '').includes('phone_number')
    if (!isNumber) tell(`${status} ${text.slice(0, 300)}`)
  }
  return tell('that the number is not valid')
}
