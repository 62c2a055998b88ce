// The parts of a Dockerfile that ours is made of. What it does not know it refuses, so that no step is left out.
import { DockerfileParser } from 'dockerfile-ast'

const list = text => (text.trimStart().startsWith('[') ? JSON.parse(text) : undefined)

/** Instructions by stage; a COPY's `from` is the stage that it names, or undefined for the build's context. */
export function readDockerfile(text) {
  const stages = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword().toUpperCase()
    const raw = instruction.getRawArgumentsContent() ?? ''
    if (keyword === 'FROM') {
      stages.push({ image: instruction.getImage(), name: instruction.getBuildStage(), steps: [] })
      continue
    }
    const step = { keyword, raw, list: list(raw) }
    if (keyword === 'ENV')
      step.env = Object.fromEntries(
        instruction.getProperties().map(each => [each.getName(), each.getValue()]),
      )
    else if (keyword === 'COPY') {
      const flags = instruction.getFlags()
      if (flags.some(each => each.getName() !== 'from'))
        throw new Error('COPY has flags that are not known here')
      step.from = flags[0]?.getValue()
      step.paths = raw.split(/\s+/)
    }
    stages.at(-1).steps.push(step)
  }
  return stages
}

/** Says of a path of the context whether .dockerignore lets it through: the last line that fits it, or a parent, wins. */
export function contextFilter(text) {
  const rules = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && !line.startsWith('#'))
    .map(line => {
      const pattern = line.replace(/^!/, '')
      const source = pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('**/', '\u0000')
        .replaceAll('*', '[^/]*')
        .replaceAll('\u0000', '(?:.*/)?')
      return { kept: line.startsWith('!'), matches: new RegExp(`^${source}(?:/|$)`) }
    })
  return path => rules.findLast(({ matches }) => matches.test(path))?.kept ?? true
}
