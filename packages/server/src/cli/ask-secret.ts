import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** A line that is not shown while it is typed; from a pipe, its first line. */
export function askSecret(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  if (input.isTTY) output.write(question)
  const lines = createInterface({ input, output: silent, terminal: input.isTTY === true })
  return new Promise(resolve => {
    let answer = ''
    lines.once('line', line => {
      answer = line
      lines.close()
    })
    lines.once('close', () => {
      if (input.isTTY) output.write('\n')
      resolve(answer)
    })
  })
}
