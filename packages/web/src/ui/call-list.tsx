import type { CallView } from '@switchboard/client'
import { Icon, type IconName } from '../parts/icon.js'
import { useApp } from '../state/app.js'
import { isMissed } from '../state/past.js'
import type { Texts } from '../texts/like.js'
import { dayOf, durationBetween, timeOf } from '../texts/moments.js'
import { Avatar } from './avatar.js'
import { CallButton } from './call-button.js'

function outcomeOf(call: CallView, { recents }: Texts): string {
  if (isMissed(call)) return recents.outcome.missed
  if (call.answered_at !== null && call.ended_at !== null)
    return durationBetween(call.answered_at, call.ended_at)
  return recents.outcome[call.outcome ?? 'ongoing']
}

const iconOf = (call: CallView): IconName => (isMissed(call) ? 'missed' : call.direction)

function Row({ call, isOfOne }: { readonly call: CallView; readonly isOfOne: boolean }) {
  const { people, route, texts } = useApp()
  const t = texts.value
  const { peer, direction } = call
  const name = peer === null ? t.recents.deleted : people.nameOf(peer)
  const detail = (
    <span class="row-detail">
      <span class={isMissed(call) ? 'trend missed' : 'trend'}>
        <Icon name={iconOf(call)} />
      </span>
      <span class="unseen">{t.recents[direction]}, </span>
      {outcomeOf(call, t)}
    </span>
  )
  const time = (
    <time class="row-time" dateTime={call.started_at}>
      {isOfOne && `${dayOf(call.started_at, t)} `}
      {timeOf(call.started_at, t)}
    </time>
  )
  if (isOfOne || peer === null)
    return (
      <li class={isOfOne ? 'row compact' : 'row'}>
        <span class="row-main still">
          {!isOfOne && <Avatar number="" name="" />}
          <span class="row-text">
            {!isOfOne && <span class="row-name">{name}</span>}
            {detail}
          </span>
          {time}
        </span>
      </li>
    )
  return (
    <li class="row" data-missed={isMissed(call)}>
      <button type="button" class="row-main" onClick={() => route.go({ view: 'recents', person: peer })}>
        <Avatar number={peer} name={name} />
        <span class="row-text">
          <span class="row-name">{name}</span>
          {detail}
        </span>
        {time}
      </button>
      <CallButton number={peer} look="round plain" label={t.recents.callBack(name)} />
    </li>
  )
}

export interface CallListProps {
  readonly calls: readonly CallView[]
  readonly isOfOne?: boolean
}

export function CallList({ calls, isOfOne = false }: CallListProps) {
  return (
    <ul class="rows">
      {calls.map(call => (
        <Row key={call.call_id} call={call} isOfOne={isOfOne} />
      ))}
    </ul>
  )
}
