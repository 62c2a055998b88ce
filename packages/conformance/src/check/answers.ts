import type { RestResponse } from '../wire/request.js'
import { Unexpected } from '../wire/unexpected.js'
import { schemaFault } from './schemas.js'

/** What a route answers with when it did what was asked. */
const answers: Readonly<Record<string, readonly [status: number, schema?: string]>> = {
  'POST /create_user': [201, 'user-view'],
  'POST /login': [200, 'token-view'],
  'GET /authenticate': [200, 'token-view'],
  'GET /get_user': [200, 'user-view'],
  'POST /add_contact': [201, 'contact-view'],
  'GET /get_contacts': [200, 'contacts-view'],
  'DELETE /delete_contact': [204],
  'PUT /put_firstname': [200, 'user-view'],
  'PUT /put_lastname': [200, 'user-view'],
  'PUT /put_phonenumber': [200, 'user-view'],
  'GET /get_reset_password_code': [202],
  'POST /get_reset_password_code': [202],
  'GET /verify_reset_password_code': [200, 'token-view'],
  'POST /verify_reset_password_code': [200, 'token-view'],
  'PUT /put_password': [204],
  'PUT /change_password': [204],
  'POST /logout': [204],
  'POST /logout_everywhere': [204],
  'DELETE /delete_user': [204],
  'GET /export_user': [200, 'export-view'],
  'GET /get_turn_credentials': [200, 'turn-credentials-view'],
  'GET /get_call_history': [200, 'call-history-view'],
  'GET /get_presence': [200, 'presence-view'],
  'PUT /block_number': [204],
  'DELETE /unblock_number': [204],
  'GET /get_blocked': [200, 'blocked-view'],
  'GET /health/ready': [200],
  'GET /.well-known/jwks.json': [200, 'jwks-view'],
}

/** What every answer keeps, whatever the case is about; throws when one does not. */
export function checkAnswer(method: string, path: string, response: RestResponse): void {
  const { status, headers, text, body } = response
  const wrong = (expected: string, came = `${status} ${text.slice(0, 400)}`) => {
    throw new Unexpected(`${expected} from ${method} ${path}`, came)
  }
  if (status >= 500 && status !== 503) wrong('no fault of the server')
  if (!headers['x-request-id']) wrong('x-request-id', `none, with ${status}`)
  const [route = ''] = path.split('?')
  const known = answers[`${method} ${route}`]
  if (known && status >= 400) {
    const fault = schemaFault('rest/problem', body)
    if (fault) wrong(`a problem document (${fault})`)
    if (!String(headers['content-type']).startsWith('application/problem+json'))
      wrong('application/problem+json', String(headers['content-type']))
    return
  }
  if (!known || status >= 300) return
  const [expected, schema] = known
  if (status !== expected) wrong(String(expected))
  if (status === 204 && text !== '') wrong('an empty body')
  const fault = schema && schemaFault(`rest/${schema}`, body)
  if (fault) wrong(`${schema} (${fault})`)
}
