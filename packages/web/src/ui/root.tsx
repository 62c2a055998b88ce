import { Board, Mark } from '../parts/brand.js'
import { Toast } from '../parts/toast.js'
import { useApp } from '../state/app.js'
import { Frame } from './frame.js'
import { Welcome } from './welcome.js'

interface MessageProps {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly onAction: () => void
}

/** A whole screen for one sentence and what to do about it. */
function Message({ title, text, action, onAction }: MessageProps) {
  return (
    <main class="message">
      <Board />
      <h1>{title}</h1>
      <p>{text}</p>
      <button type="button" class="button primary" onClick={onAction}>
        {action}
      </button>
    </main>
  )
}

function Screen() {
  const { session, texts } = useApp()
  const { outside, tryAgain, starting } = texts.value
  const standing = session.standing.value
  switch (standing.is) {
    case 'starting':
      return (
        <main class="message">
          <Mark />
          <h1 class="quiet">{starting}</h1>
        </main>
      )
    case 'outside':
      return <Welcome why={standing.why} />
    case 'unreachable':
      return (
        <Message
          title={outside.unreachable}
          text={outside.unreachableHint}
          action={tryAgain}
          onAction={() => void session.start()}
        />
      )
    case 'displaced':
      return (
        <Message
          title={outside.displaced}
          text={outside.displacedHint}
          action={outside.takeBack}
          onAction={() => void session.takeBack()}
        />
      )
    case 'inside':
      return <Frame />
  }
}

export function Root() {
  const { toast } = useApp()
  return (
    <>
      <Screen />
      <Toast toast={toast} />
    </>
  )
}
