import type { Rest } from '../people.js'
import { normal } from './normal.js'
import type { Folder, Step } from './tour.js'

/** A request that was sent, and what the server answered; what differs from run to run replaced. */
export interface Taken {
  readonly step: Step
  readonly answer: unknown
}

export type Variables = Map<string, string>

const filled = (body: Step['body'], variables: Variables) =>
  body &&
  JSON.parse(JSON.stringify(body).replace(/\{\{(\w+)\}\}/g, (_, name: string) => variables.get(name) ?? ''))

/** Sends every request of the folders in order; fails at the first that is not answered as it says. */
export async function takeTour(
  rest: Rest,
  folders: readonly Folder[],
  variables: Variables,
): Promise<Taken[]> {
  const taken: Taken[] = []
  for (const step of folders.flatMap(({ steps }) => steps)) {
    const { method, path, auth, status, code, keeps } = step
    const token = auth && variables.get(auth)
    const body = filled(step.body, variables)
    const response = await rest(method, path, { ...(body && { body }), ...(token && { token }) })
    if (response.status !== status || response.body.code !== code)
      throw new Error(`${step.name}: ${method} ${path} gave ${response.status} ${response.text}`)
    if (keeps) variables.set(keeps, String(response.body.token))
    taken.push({ step, answer: response.text === '' ? undefined : normal(response.body) })
  }
  return taken
}
