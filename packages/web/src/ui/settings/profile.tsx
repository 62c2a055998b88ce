import { useState } from 'preact/hooks'
import { Field, Form } from '../../parts/form.js'
import { useApp } from '../../state/app.js'
import { writeNumber } from '../../state/number.js'
import { Avatar } from '../avatar.js'
import { usePhone } from '../use-phone.js'

/** The user's name and number. Each of them is changed by a request of its own, and only when it is another. */
export function Profile() {
  const { people, texts, toast } = useApp()
  const { welcome: w, settings: t, save } = texts.value
  const { account } = usePhone()
  const [asksPassword, setAsksPassword] = useState(false)
  const user = people.me.value
  if (!user) return null
  const name = `${user.firstname} ${user.lastname}`
  return (
    <>
      <div class="profile-head">
        <Avatar number={user.phone_number} name={name} />
        <span class="row-text">
          <span class="row-name">{name}</span>
          <span class="row-detail">
            {writeNumber(user.phone_number)} · {user.email}
          </span>
        </span>
      </div>
      <Form
        key={user.phone_number}
        submit={save}
        onSubmit={async ({ firstname = '', lastname = '', number = '', password = '' }) => {
          if (firstname !== user.firstname) people.me.value = await account.changeFirstname(firstname)
          if (lastname !== user.lastname) people.me.value = await account.changeLastname(lastname)
          if (number !== user.phone_number) {
            const change = account.changeNumber(number, password === '' ? undefined : password)
            people.me.value = await change.catch((error: { code?: string }) => {
              // The strict profile wants the password with it; others never say this of a number that is one.
              if (error.code === 'invalid_request') setAsksPassword(true)
              throw error
            })
          }
          toast.value = t.saved
        }}
      >
        <div class="two">
          <Field name="firstname" label={w.firstname} value={user.firstname} autocomplete="given-name" />
          <Field name="lastname" label={w.lastname} value={user.lastname} autocomplete="family-name" />
        </div>
        <Field name="number" label={w.number} value={user.phone_number} kind="number" autocomplete="tel" />
        {asksPassword && <Field name="password" label={t.numberPassword} kind="password" isFirst />}
      </Form>
    </>
  )
}
