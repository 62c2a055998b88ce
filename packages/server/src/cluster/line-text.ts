import type { LineFrame } from './line.js'
import type { NodeId } from './node-id.js'

const marks = { message: 'm', receipt: 'r', unknown: 'u' } as const

/** `from kind epoch seq knows first`, and the body below: the body is not serialised again. */
export function writeFrame(from: NodeId, frame: LineFrame): string {
  const number = frame.kind === 'message' ? frame.seq : frame.kind === 'receipt' ? frame.upTo : 0
  const more = frame.kind === 'message' ? ` ${frame.knows} ${frame.first}` : ''
  const head = `${from} ${marks[frame.kind]} ${frame.epoch} ${number}${more}\n`
  return frame.kind === 'message' ? head + frame.body : head
}

/** Undefined when it is no frame of ours. */
export function readFrameText(text: string): { from: NodeId; frame: LineFrame } | undefined {
  const end = text.indexOf('\n')
  const [from = '', mark, ...numbers] = text.slice(0, end).split(' ')
  const [epoch = 0, number = 0, knows = 0, first = 0] = numbers.map(Number)
  if (end === -1 || from === '' || !numbers.map(Number).every(Number.isSafeInteger)) return undefined
  const node = from as NodeId
  if (mark === 'm')
    return {
      from: node,
      frame: { kind: 'message', epoch, knows, seq: number, first, body: text.slice(end + 1) },
    }
  if (mark === 'r') return { from: node, frame: { kind: 'receipt', epoch, upTo: number } }
  return mark === 'u' ? { from: node, frame: { kind: 'unknown', epoch } } : undefined
}
