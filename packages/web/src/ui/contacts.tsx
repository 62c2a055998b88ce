import type { ContactView } from '@switchboard/client'
import { useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.js'
import { Empty } from '../parts/empty.js'
import { Field, Form } from '../parts/form.js'
import { Icon } from '../parts/icon.js'
import { useApp } from '../state/app.js'
import { writeNumber } from '../state/number.js'
import { Avatar } from './avatar.js'
import { CallButton } from './call-button.js'

function AddContact({ onClose }: { readonly onClose: () => void }) {
  const { people, texts, toast, route } = useApp()
  const { contacts: t, welcome, cancel } = texts.value
  return (
    <Dialog title={t.add} onClose={onClose}>
      <Form
        submit={t.add}
        beside={
          <button type="button" class="button plain" onClick={onClose}>
            {cancel}
          </button>
        }
        onSubmit={async ({ number = '' }) => {
          const { username, phone_number } = await people.add(number.trim())
          toast.value = t.added(username)
          onClose()
          route.go({ view: 'contacts', person: phone_number })
        }}
      >
        <Field name="number" label={welcome.number} hint={t.addHint} kind="number" isFirst />
      </Form>
    </Dialog>
  )
}

function Row({ contact }: { readonly contact: ContactView }) {
  const { people, route, texts } = useApp()
  const { contacts: t, person } = texts.value
  const { phone_number: number, username } = contact
  const presence = people.presenceOf(number)
  return (
    <li class="row" data-current={route.place.value.person === number}>
      <button type="button" class="row-main" onClick={() => route.go({ view: 'contacts', person: number })}>
        <Avatar number={number} name={username} presence={presence} />
        <span class="row-text">
          <span class="row-name">{username}</span>
          <span class={`row-detail ${presence ?? ''}`}>{presence ? t[presence] : writeNumber(number)}</span>
        </span>
      </button>
      <CallButton number={number} look="round plain" label={person.callName(username)} />
      <CallButton number={number} video look="round plain" label={person.videoName(username)} />
    </li>
  )
}

/** Fewer are seen at a glance. */
const searchFrom = 7

export function Contacts() {
  const { people, texts } = useApp()
  const t = texts.value.contacts
  const [isAdding, setAdding] = useState(false)
  const [wanted, setWanted] = useState('')
  const all = people.sorted.value
  const needle = wanted.trim().toLocaleLowerCase()
  const found = all.filter(
    ({ username, phone_number }) =>
      username.toLocaleLowerCase().includes(needle) ||
      (/\d/.test(needle) && phone_number.includes(needle.replaceAll(/\D/g, ''))),
  )
  return (
    <section class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <button
          type="button"
          class="button round tinted"
          aria-label={t.add}
          title={t.add}
          onClick={() => setAdding(true)}
        >
          <Icon name="add" />
        </button>
      </header>
      {all.length >= searchFrom && (
        <label class="search">
          <Icon name="search" />
          <span class="unseen">{t.search}</span>
          <input
            type="search"
            placeholder={t.search}
            value={wanted}
            onInput={({ currentTarget }) => setWanted(currentTarget.value)}
          />
        </label>
      )}
      {people.contacts.value && all.length === 0 && (
        <Empty icon="contacts" title={t.empty} hint={t.emptyHint}>
          <button type="button" class="button primary" onClick={() => setAdding(true)}>
            {t.add}
          </button>
        </Empty>
      )}
      {all.length > 0 && found.length === 0 && <p class="hint">{t.nothingFound}</p>}
      {found.length > 0 && (
        <ul class="rows">
          {found.map(contact => (
            <Row key={contact.phone_number} contact={contact} />
          ))}
        </ul>
      )}
      {isAdding && <AddContact onClose={() => setAdding(false)} />}
    </section>
  )
}
