import type { Mailbox } from '../mailbox.js'
import type { Rest } from '../people.js'
import { holdDialogue } from './hold-dialogue.js'
import type { ApiDocument } from './openapi-document.js'
import { postmanCollection } from './postman.js'
import { restPage } from './rest-page.js'
import { type AsyncDocument, signalingPage } from './signaling-page.js'
import { type Taken, takeTour, type Variables } from './take-tour.js'
import { afterMail, arrival, beforeMail, folders, mailed } from './tour.js'

/** How a server has to be set for the examples to show what there is. */
export const referenceEnv = (mailbox: Mailbox) => ({
  SMTP_URL: mailbox.url,
  MAIL_FROM: 'switchboard@example.org',
  STUN_URLS: 'stun:stun.example.org:3478',
  TURN_URLS: 'turn:turn.example.org:3478',
  TURN_SECRET: 'an example of a secret that is long enough',
  RATE_LIMITS: 'on',
})

/** Takes the whole tour on an empty server, with calls between, so that the history has some. */
async function wholeTour(rest: Rest, signal: string, mailbox: Mailbox): Promise<Taken[]> {
  const variables: Variables = new Map()
  const token = (name: string) => variables.get(name) ?? ''
  const first = await takeTour(rest, [arrival], variables)
  await holdDialogue(signal, { caller: token('token'), callee: token('friend_token') })
  const usual = await takeTour(rest, beforeMail.slice(1), variables)
  for (const [name, email] of Object.entries(mailed)) variables.set(name, await mailbox.code(email))
  return [...first, ...usual, ...(await takeTour(rest, afterMail, variables))]
}

const written = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** Every file of docs/reference, as a server that runs would have it. */
export async function referenceFiles(
  rest: Rest,
  signal: string,
  mailbox: Mailbox,
): Promise<Readonly<Record<string, string>>> {
  const openapi = (await rest('GET', '/openapi.json')).body as unknown as ApiDocument
  const asyncapi = (await rest('GET', '/asyncapi.json')).body as unknown as AsyncDocument
  const taken = await wholeTour(rest, signal, mailbox)
  return {
    'openapi.json': written(openapi),
    'asyncapi.json': written(asyncapi),
    'rest.md': restPage(openapi, taken),
    'signaling.md': signalingPage(asyncapi),
    'switchboard.postman_collection.json': written(postmanCollection(openapi, folders)),
  }
}
