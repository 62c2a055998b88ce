import { type Bytes, toBuffer } from './bytes.js'
import { textFrames } from './frame-bytes.js'
import { closeFault, messageFault, type Told } from './frame-faults.js'
import { openFrameSocket } from './frame-socket.js'

const answerWithinMs = 15_000

/** A socket that says all this without having said who it is: every text is answered, or the socket closed. */
export async function beStranger(url: string, payloads: readonly Bytes[], fault: (what: string) => void) {
  let answers = 0
  let lastSeq = 0
  let done = () => {}
  const enough = new Promise<void>(resolve => {
    done = resolve
  })
  const onText = (text: string) => {
    const message = JSON.parse(text) as Told
    const wrong = messageFault(message, lastSeq)
    if (wrong) fault(wrong)
    if (typeof message.SEQ === 'number') lastSeq = message.SEQ
    if (message.ID === 'the end') done()
    else if (message.REASON === 'error' || message.REASON === 'connected') answers++
  }
  const socket = await openFrameSocket(url, onText, fault)
  for (const payload of payloads) socket.write(textFrames(payload))
  const end = { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '000', ID: 'the end' }
  socket.write(textFrames(JSON.stringify(end)))

  const late = new Promise<'late'>(resolve => setTimeout(resolve, answerWithinMs, 'late').unref())
  const how = await Promise.race([enough.then(() => 'answered' as const), socket.closed, late])
  if (how === 'late') fault('a stranger without an answer')
  else if (how !== 'answered') {
    const wrong = closeFault(how)
    if (wrong) fault(wrong)
  } else if (
    answers < 1 &&
    payloads.every(payload => !toBuffer(payload).toString('utf8').includes('connect'))
  ) {
    fault('a stranger whose messages were taken')
  }
  socket.destroy()
  await socket.closed
}
