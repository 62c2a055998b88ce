import { Icon } from '../parts/icon.js'
import { useApp } from '../state/app.js'
import { writeNumber } from '../state/number.js'
import { Avatar } from './avatar.js'
import { CallButton } from './call-button.js'
import { CallList } from './call-list.js'
import { useAction } from './use-action.js'

/** One number: who it is, calls with them, and what can be done. */
export function Person({ number }: { readonly number: string }) {
  const { people, past, route, texts, toast } = useApp()
  const { person: t, contacts: c, back } = texts.value
  const contact = people.contact(number)
  const name = people.nameOf(number)
  const presence = people.presenceOf(number)
  const isBlocked = people.blocked.value.includes(number)
  const calls = (past.calls.value ?? []).filter(({ peer }) => peer === number)
  const act = useAction()
  const standing = contact ? (presence ? c[presence] : c.unknown) : t.stranger

  return (
    <section class="person" aria-label={name}>
      <button type="button" class="button round plain person-back" aria-label={back} onClick={route.back}>
        <Icon name="back" />
      </button>
      <header class="person-head">
        <Avatar number={number} name={name} size="large" presence={presence} />
        <h1>{name}</h1>
        <p class={`row-detail ${presence ?? ''}`}>{standing}</p>
        <div class="person-calls">
          <CallButton number={number} look="call">
            {t.call}
          </CallButton>
          <CallButton number={number} video look="primary">
            {t.video}
          </CallButton>
        </div>
        {isBlocked && (
          <p class="notice warning">
            <Icon name="block" />
            {t.isBlocked}
          </p>
        )}
      </header>
      <dl class="card facts">
        <div>
          <dt>{t.number}</dt>
          <dd>{writeNumber(number)}</dd>
        </div>
        {contact && contact.email !== '' && (
          <div>
            <dt>{t.email}</dt>
            <dd>{contact.email}</dd>
          </div>
        )}
      </dl>
      <div class="card">
        <h2 class="card-title">{t.calls}</h2>
        {calls.length === 0 ? <p class="hint">{t.noCalls}</p> : <CallList calls={calls} isOfOne />}
      </div>
      <div class="card actions">
        {contact ? (
          <button
            type="button"
            class="action"
            onClick={() =>
              act(async () => {
                await people.remove(number)
                toast.value = c.removed(name)
                route.back()
              })
            }
          >
            <Icon name="close" />
            {c.remove}
          </button>
        ) : (
          <button
            type="button"
            class="action"
            onClick={() =>
              act(async () => {
                toast.value = c.added((await people.add(number)).username)
              })
            }
          >
            <Icon name="add" />
            {t.add}
          </button>
        )}
        <button
          type="button"
          class="action dangerous"
          onClick={() =>
            act(async () => {
              await (isBlocked ? people.unblock(number) : people.block(number))
              toast.value = isBlocked ? t.unblocked(name) : t.blocked(name)
            })
          }
        >
          <Icon name="block" />
          {isBlocked ? t.unblock : t.block}
        </button>
      </div>
    </section>
  )
}
