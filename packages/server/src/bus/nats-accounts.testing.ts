import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT as NATS' own tools make them. */
function jwt(signer: nkeys.KeyPair, subject: nkeys.KeyPair, name: string, nats: object): string {
  const head = part({ typ: 'JWT', alg: 'ed25519-nkey' })
  const iat = Math.floor(Date.now() / 1000)
  const body = part({
    jti: randomUUID(),
    iat,
    iss: signer.getPublicKey(),
    name,
    sub: subject.getPublicKey(),
    nats: { ...nats, version: 2 },
  })
  const signed = Buffer.from(signer.sign(Buffer.from(`${head}.${body}`))).toString('base64url')
  return `${head}.${body}.${signed}`
}

/** An operator, an account and a user of it, as in a server's configuration and a file of credentials. */
export async function makeCredentials(dir: string) {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()]
  const all = -1
  const limits = { subs: all, data: all, payload: all, imports: all, exports: all, conn: all, leaf: all }
  const accountJwt = jwt(operator, account, 'switchboard', {
    type: 'account',
    limits: { ...limits, wildcards: true },
    default_permissions: { pub: {}, sub: {} },
  })
  const operatorJwt = jwt(operator, operator, 'operator', { type: 'operator' })
  const userJwt = jwt(account, user, 'node', {
    type: 'user',
    pub: {},
    sub: {},
    subs: all,
    data: all,
    payload: all,
  })
  const [configFile, credentialsFile] = [join(dir, 'nats.conf'), join(dir, 'node.creds')]
  await writeFile(
    configFile,
    `operator: ${operatorJwt}\nresolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: ${accountJwt} }\n`,
  )
  await writeFile(
    credentialsFile,
    `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n` +
      `-----BEGIN USER NKEY SEED-----\n${Buffer.from(user.getSeed()).toString()}\n------END USER NKEY SEED------\n`,
  )
  return { configFile, credentialsFile }
}
