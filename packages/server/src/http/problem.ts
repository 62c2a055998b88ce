import { type ErrorCode, errors, type Problem } from '@switchboard/protocol'

export const problemType = 'application/problem+json; charset=utf-8'

export function problemOf(code: ErrorCode, detail: string = errors[code].title, status?: number): Problem {
  const { title, status: usual } = errors[code]
  return { type: `urn:switchboard:error:${code}`, title, status: status ?? usual, detail, code }
}
