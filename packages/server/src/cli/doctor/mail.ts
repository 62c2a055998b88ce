import { access, constants } from 'node:fs/promises'
import type { MailConfig } from '../../config.js'
import { openTransport } from '../../mail/transport.js'
import { explain } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'

/** Whether mail would leave: connects and logs in, sends nothing. */
export async function mailServer(mail: MailConfig): Promise<Finding[]> {
  return [await delivery(mail), ...(await templates(mail))]
}

async function delivery(mail: MailConfig): Promise<Finding> {
  const transport = openTransport(mail)
  if (transport === undefined)
    return warning(
      'no mail server: mails stay in the local outbox, nobody gets a reset code',
      'set SMTP_URL, or the four GMAIL_ settings',
    )
  const server = mail.transport.kind === 'smtp' ? new URL(mail.transport.url).host : 'Gmail'
  try {
    await transport.verify()
    return ok(`${server} takes our login; mails come from ${mail.from}`)
  } catch (error) {
    return failure(`${server}: ${explain(error)}`, adviceFor(error))
  }
}

function adviceFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EAUTH' || code === 'EOAUTH2') return 'check user and password, or the OAuth2 client and token'
  if (code === 'ETLS') return 'check the certificate; smtps:// is TLS from the start, smtp:// begins without'
  return 'check host and port; many hosting providers block 25, 465 and 587'
}

async function templates({ templatesDir }: MailConfig): Promise<Finding[]> {
  if (templatesDir === undefined) return []
  try {
    await access(templatesDir, constants.R_OK)
    return [ok(`templates of your own in ${templatesDir}`)]
  } catch {
    return [failure(`no templates can be read in ${templatesDir}`, 'check MAIL_TEMPLATES_DIR, or unset it')]
  }
}
