import { type Bytes, toBuffer } from './bytes.js'
import { controlFrame, type FrameFields, frameBytes, textFrames } from './frame-bytes.js'
import { closeFault, messageFault, type Told } from './frame-faults.js'
import { type FrameSocket, openFrameSocket } from './frame-socket.js'
import { isOwedAnAnswer, mayClose } from './owed.js'
import { type Actor, fill } from './placeholders.js'

const answerWithinMs = 15_000

interface DeviceDeps {
  readonly url: string
  /** Whose device it is; asked anew for each input. */
  readonly actor: () => Actor
  readonly fault: (what: string) => void
  readonly outcome: (what: string) => void
}

/** A device that says whatever it is given, and holds the server to an answer. */
export function openFuzzDevice({ url, actor, fault, outcome }: DeviceDeps) {
  let socket: FrameSocket | undefined
  let session: string | undefined
  let lastSeq = 0
  let firstCall = ''
  let call = ''
  let other: string | undefined
  let ids = 0
  /** Answers owed to this socket, and those that came. */
  let owed = 0
  let answers = 0
  let fences = new Set<string>()
  let wake = () => {}
  let givenUp = false

  function onText(text: string) {
    let message: Told
    try {
      message = JSON.parse(text) as Told
    } catch {
      return fault('a frame that is not JSON')
    }
    const { REASON, SEQ, ID, CALL_ID, SENDER_PHONE_NUMBER } = message
    const wrong = messageFault(message, lastSeq)
    if (wrong) fault(wrong)
    if (typeof SEQ === 'number') lastSeq = SEQ
    if (typeof CALL_ID === 'string') {
      firstCall ||= CALL_ID
      call = CALL_ID
    }
    if (typeof SENDER_PHONE_NUMBER === 'string') other = SENDER_PHONE_NUMBER
    outcome(REASON === 'error' ? String(message.CODE) : String(REASON))
    if (typeof ID === 'string' && fences.delete(ID)) return wake()
    if (REASON === 'connected') {
      session = String(message.SESSION)
      if (message.RESUMED !== true) lastSeq = 0
    }
    if (REASON === 'ack' || REASON === 'error' || REASON === 'connected') answers++
    wake()
  }

  /** Waits until `done`, or the socket is gone. */
  async function until(what: string, done: () => boolean) {
    const deadline = Date.now() + answerWithinMs
    while (!done() && socket?.isOpen) {
      const left = deadline - Date.now()
      if (left <= 0) return fault(what)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  async function open(more: Record<string, unknown> = {}): Promise<FrameSocket> {
    if (socket?.isOpen) return socket
    const opened = await openFrameSocket(url, onText, fault)
    socket = opened
    owed = 1
    answers = 0
    fences = new Set()
    givenUp = false
    void opened.closed.then(code => {
      const wrong = givenUp ? undefined : closeFault(code)
      if (wrong) fault(wrong)
      if (code !== undefined) outcome(`close ${code}`)
      wake()
    })
    opened.write(
      textFrames(
        Buffer.from(JSON.stringify({ REASON: 'connect', TOKEN: actor().token, ...more })).toString('latin1'),
      ),
    )
    await until('a connect without an answer', () => answers > 0)
    return opened
  }

  const filled = (bytes: Bytes) => {
    const { token, values } = actor()
    const id = `id-${ids++}`
    return fill(bytes, {
      token,
      values: {
        ...values,
        id,
        call,
        first: firstCall,
        other: other ?? values.user1 ?? '',
        session: session ?? '',
      },
    })
  }

  function writeFence() {
    const id = `fence-${ids++}`
    fences.add(id)
    const text = JSON.stringify({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '000', ID: id })
    socket?.write(textFrames(text))
    return id
  }

  /** Everything said so far has been looked at, or the socket is closed. */
  async function fence() {
    if (!socket?.isOpen) return
    const id = writeFence()
    await until('a fence without an answer', () => !fences.has(id))
  }

  return {
    open,
    fence,

    async text(payload: Bytes, cuts: readonly number[]) {
      const { write } = await open()
      const bytes = filled(payload)
      const raw = toBuffer(bytes)
      if (isOwedAnAnswer(raw.toString('utf8'))) owed++
      write(textFrames(bytes, cuts))
      if (mayClose(raw)) await fence()
    },

    async control(opcode: number, payload: Bytes) {
      const { write } = await open()
      write(controlFrame(opcode, payload))
    },

    /** Says it, and no more: the server must close. */
    async wild(frames: readonly FrameFields[]) {
      const opened = await open()
      givenUp = true
      for (const frame of frames) opened.write(frameBytes({ ...frame, payload: filled(frame.payload) }))
      opened.end()
      const late = setTimeout(() => {
        fault('a connection that nobody closes')
        opened.destroy()
      }, answerWithinMs)
      const code = await opened.closed
      clearTimeout(late)
      if (code === 1011) fault('closed with 1011')
    },

    async drop(resume: boolean) {
      const opened = await open()
      givenUp = true
      opened.destroy()
      await opened.closed
      await open(resume ? { SESSION: session, LAST_SEQ: lastSeq } : {})
    },

    /** Every answer that is owed has come. */
    async settle() {
      await fence()
      await until('a message without an answer', () => answers >= owed)
    },

    close() {
      givenUp = true
      socket?.destroy()
    },
  }
}
