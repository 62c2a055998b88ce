import { closeEvents } from '@switchboard/protocol'
import {
  boundsInBytes,
  causeMeanings,
  closeMeanings,
  downReference,
  errorMeanings,
  type MessageReference,
  upReference,
} from '@switchboard/protocol/reference'
import { dialogue, type Heard, type Turn } from './dialogue.js'
import { json, membersTable, type Schema, table } from './schema-table.js'

/** What of AsyncAPI the page is made from. */
export interface AsyncDocument {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const intro = `# Signaling, message by message

<!-- Made by \`npm run docs:reference\` from packages/protocol; edit that. -->

Every message with its direction, meaning, members, failures and examples. [The protocol](../protocol.md) tells how they
play together: sizes, resuming, when to come back. The same as AsyncAPI 3: \`/asyncapi.json\` of a running server, or
[asyncapi.json](asyncapi.json).

The examples are not made up beside the product: a test sends every one of a client to a real server, in the order of
[the dialogue](#a-dialogue), and holds what the server says against the examples below.`

const anchor = (direction: string, reason: string) => `${reason}-${direction}`.toLowerCase()

function section(
  direction: 'client' | 'server',
  reason: string,
  reference: MessageReference,
  schema: Schema,
) {
  const failures = Object.entries(reference.failures).map(([code, when]) => [`\`${code}\``, when])
  const arrow = direction === 'client' ? 'Client to server' : 'Server to client'
  const examples = Object.values(reference.examples).map(
    ({ title, message }) => `${title}:\n\n${json(message)}`,
  )
  return [
    `### \`${reason}\` (${direction})`,
    `**${arrow}. ${reference.title}.** ${reference.meaning}`,
    membersTable(schema, boundsInBytes),
    ...(failures.length > 0 ? [table(['Answered by `error`', 'When'], failures)] : []),
    ...examples,
  ].join('\n\n')
}

const link = (direction: 'client' | 'server', message: string) =>
  `[\`${message}\`](#${anchor(direction, message)})`

/** An example by the name that its section gives it. */
const titled = (direction: 'client' | 'server', message: string, example: string) => {
  const references: Readonly<Record<string, MessageReference>> =
    direction === 'client' ? upReference : downReference
  const title = references[message]?.examples[example]?.title ?? ''
  return `${link(direction, message)} (${title.charAt(0).toLowerCase()}${title.slice(1)})`
}

const heardAs = (heard: Heard) => `${heard.by}: ${titled('server', heard.message, heard.example)}`
const turnRow = (turn: Turn, at: number) => [
  String(at + 1),
  `${turn.by}${turn.first ? ` (${turn.first})` : ''}: ${titled('client', turn.message, turn.example)}`,
  turn.heard.map(heardAs).join('<br>'),
]

const dialogueSection = `## A dialogue

The caller is 1234567890, the callee 1212121212; the stranger has not said \`connect\`. Two calls, one taken and one
refused. What one device hears stands in its order, but that \`ack\` and \`ringing\` may change places.

${table(['', 'Sends', 'Hears'], dialogue.map(turnRow))}`

const closes = Object.entries(closeEvents).map(([name, { code, reason }]) => {
  const { why, comeBack } = closeMeanings[name as keyof typeof closeEvents]
  return [String(code), `\`${reason}\``, why, comeBack]
})
const meanings = (all: Readonly<Record<string, string>>) =>
  Object.entries(all).map(([code, meaning]) => [`\`${code}\``, meaning])

/** The signaling reference as Markdown. */
export function signalingPage({ components: { schemas } }: AsyncDocument): string {
  const sections = (direction: 'client' | 'server', references: Readonly<Record<string, MessageReference>>) =>
    Object.entries(references).map(([reason, reference]) =>
      section(direction, reason, reference, schemas[`${direction}.${reason}`] ?? {}),
    )
  return `${[
    intro,
    '## From the client',
    ...sections('client', upReference),
    '## From the server',
    ...sections('server', downReference),
    dialogueSection,
    '## Codes',
    `### \`CODE\` of \`error\`\n\n${table(['Code', 'Meaning'], meanings(errorMeanings))}`,
    `### \`CAUSE\` of \`HangUp\`\n\n${table(['Cause', 'Meaning'], meanings(causeMeanings))}`,
    `### Close codes\n\n${table(['Code', 'Reason', 'Why', 'Come back?'], closes)}`,
  ].join('\n\n')}\n`
}
