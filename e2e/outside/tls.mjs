// testssl.sh on both ports: nothing above "low".
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProduct } from '../dist/product.js'
import { judge, need, run, say } from './stage.mjs'

need('openssl')
need('testssl', 'testssl.sh')
const dir = await mkdtemp(join(tmpdir(), 'switchboard-tls-'))

/** A certificate as an authority issues it: what a self-signed one lacks is no fault of the server. */
async function issue() {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    'req',
    '-x509',
    ...ec,
    '-days',
    '365',
    '-subj',
    '/CN=Test CA',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  )
  openssl('req', ...ec, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr')
  await writeFile(
    join(dir, 'extensions'),
    [
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      'extendedKeyUsage=serverAuth',
      'basicConstraints=CA:FALSE',
      'crlDistributionPoints=URI:http://ca.example/crl',
    ].join('\n'),
  )
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '80']
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-extfile', 'extensions', '-out', 'server.pem')
}

await issue()
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0' // startProduct asks for readiness, and knows no authority of ours
const env = {
  RATE_LIMITS: 'on',
  TLS_CERT_FILE: join(dir, 'server.pem'),
  TLS_KEY_FILE: join(dir, 'server.key'),
}
const product = await startProduct({ env })
try {
  for (const [name, base] of [
    ['REST', product.api],
    ['signaling', product.signal],
  ]) {
    const out = join(dir, `${name}.json`)
    const quiet = ['--quiet', '--warnings', 'batch', '--color', '0', '--jsonfile', out]
    const args = [
      ...quiet,
      '--add-ca',
      join(dir, 'ca.pem'),
      '--ip',
      '127.0.0.1',
      `localhost:${new URL(base).port}`,
    ]
    await run('testssl', args, { withinMs: 600_000 })
    const findings = JSON.parse(await readFile(out, 'utf8'))
    const bad = findings.filter(({ severity }) => ['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL'].includes(severity))
    const low = findings.filter(({ severity }) => severity === 'LOW')
    for (const { id, severity, finding } of [...bad, ...low]) say(`      ${severity} ${id}: ${finding}`)
    const figure = `${findings.length} findings, ${bad.length} above low, ${low.length} low`
    judge(`testssl.sh, ${name}`, findings.length > 100 && bad.length === 0, figure)
  }
  await product.stop()
} finally {
  await product.dispose()
  await rm(dir, { recursive: true, force: true })
}
