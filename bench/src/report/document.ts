import type { Effort } from '../measure/rounds.js'
import type { Result } from '../scenarios/scenario.js'
import { inTheWay } from './in-the-way.js'
import type { Machine } from './machine.js'
import { isMet, markdownTable, section, verdictTable } from './text.js'

export interface Failed {
  readonly name: string
  readonly why: string
}

export interface Run {
  readonly command: string
  readonly effort: Effort
  readonly at: Date
  readonly machine: Machine
  readonly results: readonly Result[]
  readonly failed: readonly Failed[]
}

/** `docs/performance.md`. */
export function document({ command, effort, at, machine, results, failed }: Run): string {
  const { description, commit } = machine
  const verdicts = results.flatMap(result => result.verdicts)
  const missed = verdicts.filter(verdict => !isMet(verdict))
  const parts = [
    '# Performance',
    `What the server costs beside floors and peers, as \`${command}\` wrote it on ${at.toISOString().slice(0, 10)} (commit ${commit}). Do not edit this page: run the command.`,
    `- **Machine**: ${description}.`,
    `- **Rounds**: ${effort.rounds} of ${effort.ms / 1_000} s after one to get warm; all systems of a scenario take turns within each round. Figures are medians with the least and the most of the rounds; ratios are made round by round.`,
    '- **The figure to trust** is CPU time of the server process an operation (user and system, all threads, `/proc/PID/stat`); PostgreSQL and NATS stand apart. Rates and latencies depend on who else uses the machine.',
    '- **Switchboard** runs with default settings, its embedded database, all rules of calls, `SEQ` and resume, history and traces written; only the limits are off (`RATE_LIMITS=off`).',
    '- **Floors**: `ws` passing bytes on after one `JSON.parse`, with and without corking; fastify with `pg`. **Peers**: the servers of PeerJS and socket.io from npm.',
    '- **The load** is a process of its own with prepared frames; its share of its core stands in the last column, and a note says when it was the bottleneck.',
    '![Server CPU time an operation](img/performance.svg)',
    '## Targets',
    `${verdicts.length - missed.length} of ${verdicts.length} met.`,
    markdownTable(verdictTable(verdicts)),
    ...(missed.length === 0 ? [] : ['What stands in the way of the others:', inTheWay(missed).join('\n')]),
    ...(failed.length === 0
      ? []
      : ['## Not measured', failed.map(({ name, why }) => `- **${name}** failed: ${why}`).join('\n')]),
    '## Scenarios',
    'CPU times are microseconds an operation.',
    ...results.map(section),
    '## Commands',
    [
      '    npm run bench                     # this page, in ten to fifteen minutes',
      '    npm run bench -- --full           # a million users, 19,000 connections, more rounds',
      '    npm run bench -- C R8 --rounds 3  # some scenarios, to the terminal alone',
      '    npm run bench:check               # calls and relays against the floor, in a minute',
      '    npm run bench:seed                # a million users and twenty million contacts in a database',
      '    npm run bench:plans               # the plan of every statement against them',
    ].join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}
