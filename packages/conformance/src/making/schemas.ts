import * as protocol from '@switchboard/protocol'

const dialect = 'https://json-schema.org/draft/2020-12/schema'
const kebab = (name: string) =>
  name.replace(/(?<=[a-z])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, letter => `-${letter}`).toLowerCase()

function file(folder: string, name: string, title: string, schema: object): [string, string] {
  const $id = `urn:switchboard:schema:${folder}:${name}`
  const { $id: _, ...rest } = schema as { $id?: string }
  return [`${folder}/${name}.json`, `${JSON.stringify({ $schema: dialect, $id, title, ...rest }, null, 2)}\n`]
}

/** Every message and body of the protocol as a JSON Schema, by the path of its file in `schemas/`. */
export function schemaFiles(): Map<string, string> {
  const rest = Object.entries(protocol)
    .filter(([name]) => /(Body|View|Query)$/.test(name) || name === 'problem')
    .map(([name, schema]) => file('rest', kebab(name), name, schema as object))
  const messages = (folder: 'client' | 'server', all: Readonly<Record<string, object>>) =>
    Object.entries(all).map(([reason, schema]) =>
      file(folder, kebab(reason), `${reason} (${folder})`, schema),
    )
  return new Map([...messages('client', protocol.up), ...messages('server', protocol.down), ...rest])
}
