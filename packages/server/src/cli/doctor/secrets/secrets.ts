import { type Reading, readDotEnv } from '../../../config/read-settings.js'
import { limits } from '../../../limits.js'
import { isCommon } from '../../../sessions/common-passwords.js'
import type { World } from '../../world.js'
import { type Finding, failure, ok, warning } from '../check.js'
import { type Published, publishedIn, readPublished } from './examples.js'
import { isInGit, openTo, secretFiles } from './files.js'
import { type SecretPart, secretParts } from './parts.js'
import { bitsAtMost, isPlaceholder } from './strength.js'

/** Whether somebody else may have the secrets, or guess them. Their values are never said. */
export async function secrets(
  world: Pick<World, 'env' | 'readFile'>,
  readings: readonly Reading[],
): Promise<Finding[]> {
  const parts = secretParts(readings)
  const strict = readings.some(({ name, value }) => name === 'SECURITY_PROFILE' && value === 'strict')
  const published = await readPublished()
  const grave = await Promise.all([
    ...parts.map(part => weakness(part, published)),
    ...secretFiles(world, readings).map(exposure),
  ])
  const found = [
    ...grave.flat().map(({ detail, advice }) => (strict ? failure : warning)(detail, advice)),
    ...shared(parts),
    ...ignored(world, readings),
  ]
  if (found.length > 0) return found
  const count = new Set(parts.map(({ name }) => name)).size
  if (count === 0) return [ok('none set')]
  return [ok(`${count} set: none weak, published, used twice or open to others`)]
}

interface Fault {
  readonly detail: string
  readonly advice: string
}

const advice: Record<SecretPart['kind'], string> = {
  key: 'make a new one: openssl rand -hex 32',
  password: 'give that account a new one: openssl rand -hex 16',
  issued: 'have a new one issued',
}

const webhookAdvice = 'make a new one: echo whsec_$(openssl rand -base64 32)'

/** The first thing that is wrong with it. */
async function weakness(part: SecretPart, published: readonly Published[]): Promise<Fault[]> {
  const { name, kind, value } = part
  const what = kind === 'password' ? `the password in ${name}` : name
  const todo = name === 'WEBHOOK_SECRET' ? webhookAdvice : advice[kind]
  const said = (why: string) => [{ detail: `${what} ${why}`, advice: todo }]
  const where = publishedIn(value, published)
  if (where !== undefined) return said(`stands in ${where}, for all to read`)
  if (kind === 'issued') return isPlaceholder(value) ? said('is a placeholder') : []
  if (isPlaceholder(value) || (await isCommon(value))) return said('is among the first that anybody tries')
  const bits = bitsAtMost(value)
  const least = kind === 'key' ? limits.secretKeyBits : limits.secretPasswordBits
  return bits < least ? said(`is weak: ${bits} bits at most, ${least} are wanted`) : []
}

async function exposure(file: string): Promise<Fault[]> {
  const [open, tracked] = await Promise.all([openTo(file), isInGit(file)])
  const faults: Fault[] = []
  if (open !== undefined)
    faults.push({ detail: `${file} is open to ${open}`, advice: `run: chmod 600 ${file}` })
  if (tracked)
    faults.push({
      detail: `${file} is in git`,
      advice: `run: git rm --cached ${file}; and change what is in it, for the history keeps it`,
    })
  return faults
}

/** One that gets out takes the other along. */
function shared(parts: readonly SecretPart[]): Finding[] {
  return parts.flatMap(({ name, value }, index) => {
    const first = parts.findIndex(other => other.value === value)
    const other = parts[first]?.name
    if (first === index || other === undefined) return []
    const names = other === name ? `${name} names one secret twice` : `${other} and ${name} are the same`
    return [warning(names, 'give each its own')]
  })
}

/** What stands in both places in one layer stops the start; here one is passed over without a word. */
function ignored(
  { env, readFile }: Pick<World, 'env' | 'readFile'>,
  readings: readonly Reading[],
): Finding[] {
  const dotEnv = readDotEnv(readFile)
  const names = readings.flatMap(({ name, setting }) => (setting.secret ? [name] : []))
  const pairs = names.flatMap(name => [[name, `${name}_FILE`] as const, [`${name}_FILE`, name] as const])
  return pairs.flatMap(([counts, ignored]) =>
    env[counts]?.trim() && dotEnv[ignored]?.trim()
      ? [
          warning(
            `${counts} of the environment counts, ${ignored} in .env does not`,
            `take ${ignored} out of .env`,
          ),
        ]
      : [],
  )
}
