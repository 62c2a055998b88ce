import { useEffect, useRef, useState } from 'preact/hooks'
import { Cord, type CordState } from '../../parts/brand.js'
import { Icon } from '../../parts/icon.js'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'
import { Avatar } from '../avatar.js'
import { Keys } from '../keys.js'
import { CallOver } from './call-over.js'
import { Controls } from './controls.js'
import { DevicesDialog } from './devices-dialog.js'
import { Picture, Sound } from './media-elements.js'
import { QualityLine } from './quality-line.js'
import { useClock } from './use-clock.js'

const cordOf = ({ phase, isHeld, isHeldByPeer, end }: Line): CordState => {
  if (end.value || phase.value === 'reconnecting') return 'broken'
  if (phase.value !== 'connected') return 'reaching'
  return isHeld.value || isHeldByPeer.value ? 'held' : 'joined'
}

function NoticeBar({ line }: { readonly line: Line }) {
  const { call: t, close } = useApp().texts.value
  const notice = line.notice.value
  return (
    <div class="call-notice" role="alert">
      {notice && (
        <p>
          <Icon name="warning" />
          <span>{t.notice[notice]}</span>
          <button
            type="button"
            class="button small plain"
            onClick={() => {
              line.notice.value = undefined
            }}
          >
            {notice === 'silent' ? t.hear : close}
          </button>
        </p>
      )}
    </div>
  )
}

/** What is said of the call under the name: how far it is, or how long it lasts. */
function Status({ line }: { readonly line: Line }) {
  const { people, texts } = useApp()
  const t = texts.value.call
  const clock = useClock(line.connectedAt.value, line.end.value === undefined)
  const phase = line.phase.value
  const isOn = phase === 'connected'
  const text =
    isOn && line.isHeld.value
      ? t.held
      : isOn && line.isHeldByPeer.value
        ? t.heldByPeer(people.nameOf(line.peer))
        : t.phase[phase]
  return (
    <p class="call-status">
      <span role="status" data-phase={phase}>
        {text}
      </span>
      {isOn && clock !== undefined && <span class="call-clock">{clock}</span>}
    </p>
  )
}

/** A call from its first tone to its end. */
export function CallScreen({ line }: { readonly line: Line }) {
  const { people, texts } = useApp()
  const t = texts.value.call
  const screen = useRef<HTMLElement>(null)
  const [showsKeys, setShowsKeys] = useState(false)
  const [showsDevices, setShowsDevices] = useState(false)
  const name = people.nameOf(line.peer)
  const me = people.me.value
  const isOver = line.end.value !== undefined
  const hasPicture = line.hasPicture.value && !isOver && !line.isHeld.value
  useEffect(() => screen.current?.focus(), [line])

  return (
    <section
      ref={screen}
      class="call-screen"
      aria-label={`${t.region}: ${name}`}
      tabIndex={-1}
      data-picture={hasPicture}
    >
      <Sound line={line} />
      {hasPicture && <Picture stream={line.remote.value} kind="remote" />}
      <div class="call-top">
        <div class="call-who">
          <h1>{name}</h1>
          {isOver ? null : <Status line={line} />}
        </div>
        <QualityLine line={line} />
      </div>
      <NoticeBar line={line} />
      {!hasPicture && (
        <div class="call-board">
          <span class="jack-end">
            <Avatar
              number={me?.phone_number ?? ''}
              name={me ? `${me.firstname} ${me.lastname}` : t.you}
              size="large"
            />
          </span>
          <Cord state={cordOf(line)} />
          <span class="jack-end">
            <Avatar number={line.peer} name={name} size="large" />
          </span>
        </div>
      )}
      {line.isCameraOn.value && !isOver && <Picture stream={line.local.value} kind="local" />}
      {isOver ? (
        <CallOver line={line} />
      ) : (
        <>
          {showsKeys && (
            <div class="call-keys">
              <Keys onKey={key => line.call.sendDigits(key)} />
            </div>
          )}
          <Controls
            line={line}
            screen={screen}
            showsKeys={showsKeys}
            onKeys={() => setShowsKeys(!showsKeys)}
            onDevices={() => setShowsDevices(true)}
          />
        </>
      )}
      {showsDevices && !isOver && <DevicesDialog line={line} onClose={() => setShowsDevices(false)} />}
    </section>
  )
}
