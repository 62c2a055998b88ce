import type { Bus } from '../bus/bus.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'

/** Where a node takes the panel's questions. */
const panelSubject = (node: string) => `switchboard.panel.${node}`

/** What a node answers, by the question's name. Question and answer go through JSON. */
export type Answers = Readonly<Record<string, (asked: string) => unknown>>

export interface PanelNodesDeps {
  readonly bus: Bus
  readonly self: string
  /** Nodes that renewed their lease of late, this one among them or not. */
  readonly others: () => Promise<readonly string[]>
  readonly answers: Answers
  readonly log: Logger
}

/** Whichever node somebody looks at the panel of: all of them are asked, and those that are silent left out. */
export function createPanelNodes({ bus, self, others, answers, log }: PanelNodesDeps) {
  const subscription = bus.alone
    ? undefined
    : bus.subscribe(panelSubject(self), ({ data, reply }) => {
        const space = data.indexOf(' ')
        void answer(data.slice(0, space), data.slice(space + 1)).then(reply)
      })

  async function answer(question: string, asked: string): Promise<string> {
    try {
      return JSON.stringify((await answers[question]?.(asked)) ?? null)
    } catch (error) {
      log.warn({ err: error, question }, 'a question of another node cannot be answered')
      return 'null'
    }
  }

  /** What each node answers; this one first. */
  async function ask<T>(question: string, asked = ''): Promise<{ node: string; answer: T }[]> {
    const own = JSON.parse(await answer(question, asked)) as T
    if (bus.alone) return [{ node: self, answer: own }]
    const nodes = (await others()).filter(node => node !== self)
    const rest = await Promise.all(
      nodes.map(node =>
        bus.request(panelSubject(node), `${question} ${asked}`, limits.panelAskMs).then(
          text => [{ node, answer: JSON.parse(text) as T }],
          () => [],
        ),
      ),
    )
    return [{ node: self, answer: own }, ...rest.flat()]
  }

  return { ask, ready: subscription?.ready, stop: () => subscription?.unsubscribe() }
}
