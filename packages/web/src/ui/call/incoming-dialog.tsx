import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.js'
import { Icon } from '../../parts/icon.js'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'
import { writeNumber } from '../../state/number.js'
import { Avatar } from '../avatar.js'

/** Somebody calls: a decision, and nothing else, until it is taken here or elsewhere. */
export function IncomingDialog({ line }: { readonly line: Line }) {
  const { lines, people, texts } = useApp()
  const { call: t } = texts.value
  const [isAnswering, setAnswering] = useState(false)
  const { peer, call } = line
  const name = people.nameOf(peer)
  const answer = (video: boolean) => {
    if (isAnswering) return
    setAnswering(true)
    void lines.answer(line, video).finally(() => setAnswering(false))
  }
  return (
    <Dialog title={call.hasVideo ? t.incomingVideo : t.incoming} kind="incoming" isAlert>
      <div class="caller">
        <Avatar number={peer} name={name} size="large" />
        <p class="caller-name">{name}</p>
        {name !== writeNumber(peer) && <p class="caller-number">{writeNumber(peer)}</p>}
      </div>
      <div class="answers">
        <button type="button" class="answer" onClick={() => call.deny()}>
          <span class="button round big end">
            <Icon name="hangUp" />
          </span>
          {t.decline}
        </button>
        <button type="button" class="answer" aria-busy={isAnswering} onClick={() => answer(false)}>
          <span class="button round big call">
            <Icon name="call" />
          </span>
          {t.answer}
        </button>
        {call.hasVideo && (
          <button type="button" class="answer" aria-busy={isAnswering} onClick={() => answer(true)}>
            <span class="button round big call">
              <Icon name="video" />
            </span>
            {t.answerVideo}
          </button>
        )}
      </div>
    </Dialog>
  )
}
