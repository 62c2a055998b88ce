import { type CandidateCounts, candidateTypes, type Passed } from '../exchange/passed.js'
import type { TraceRow } from '../signaling/journal.js'

const numbers = (counts: CandidateCounts) => candidateTypes.map(type => counts[type]).join(',')

/** What stands in a line of the trace: at the beginning what was offered, at the end what came by. */
export function detailOf({ kind, detail }: Pick<TraceRow, 'kind' | 'detail'>, passed: Passed | undefined) {
  if (!passed) return detail
  if (kind === 'placed') return passed.video ? 'video' : 'audio'
  if (kind === 'ended') return `${detail} from=${numbers(passed.caller)} to=${numbers(passed.callee)}`
  return detail
}

/** The same, read: the end's reason, and the candidates of each side. */
export function readEnd(detail: string) {
  const [reason = '', ...parts] = detail.split(' ')
  const counts = (side: 'from' | 'to') => {
    const text = parts.find(part => part.startsWith(`${side}=`))?.slice(side.length + 1)
    const each = (text ?? '').split(',').map(Number)
    return Object.fromEntries(candidateTypes.map((type, i) => [type, each[i] || 0])) as CandidateCounts
  }
  return { reason, from: counts('from'), to: counts('to') }
}
