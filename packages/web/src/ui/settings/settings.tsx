import { useApp } from '../../state/app.js'
import { DeviceChoices } from '../device-choices.js'
import { Account } from './account.js'
import { Appearance } from './appearance.js'
import { Blocked } from './blocked.js'
import { Privacy } from './privacy.js'
import { Profile } from './profile.js'
import { Ringing } from './ringing.js'
import { Section } from './section.js'

export function Settings() {
  const { texts } = useApp()
  const { settings: t, devices } = texts.value
  return (
    <section class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
      </header>
      <Section title={t.profile}>
        <Profile />
      </Section>
      <Section title={t.appearance}>
        <Appearance />
      </Section>
      <Section title={t.ringing}>
        <Ringing />
      </Section>
      <Section title={devices.title}>
        <DeviceChoices />
      </Section>
      <Section title={t.privacy}>
        <Privacy />
      </Section>
      <Section title={t.blocked}>
        <Blocked />
      </Section>
      <Section title={t.account}>
        <Account />
      </Section>
      <p class="about">{t.about}</p>
    </section>
  )
}
