import { effect, type ReadonlySignal } from '@preact/signals'
import type { Lines } from '../state/lines.js'
import type { Past } from '../state/past.js'
import type { People } from '../state/people.js'
import type { Preferences } from '../state/preferences.js'
import type { Texts } from '../texts/like.js'
import { createTones, patterns } from './tones.js'

export interface AnnounceOptions {
  readonly lines: Lines
  readonly people: People
  readonly past: Past
  readonly preferences: Preferences
  readonly texts: ReadonlySignal<Texts>
}

/** Rings, and says so in the title and, when nobody looks at the page, by a notification. */
export function announceCalls(options: AnnounceOptions, page: Window): void {
  const { lines, people, past, preferences, texts } = options
  const { document } = page
  const tones = createTones()

  effect(() => {
    const outgoing = lines.current.value
    const isRingingThere = outgoing && !outgoing.isIncoming && outgoing.phase.value === 'ringing'
    if (lines.incoming.value) {
      if (preferences.rings.value) tones.play(patterns.incoming)
      else tones.stop()
      page.navigator.vibrate?.([400, 200, 400])
    } else if (isRingingThere) tones.play(patterns.ringback)
    else tones.stop()
  })

  effect(() => {
    const caller = lines.incoming.value
    const missed = past.missed.value
    if (caller) document.title = texts.value.call.isCalling(people.nameOf(caller.peer))
    else document.title = missed > 0 ? `(${missed}) Switchboard` : 'Switchboard'
  })

  effect(() => {
    const caller = lines.incoming.value
    if (!caller || !document.hidden) return
    const shown = notify(people.nameOf(caller.peer), texts.value.call.incoming)
    return () => {
      void shown.then(close => close())
    }
  })
}

const tag = 'switchboard-call'

/** Phones show notifications of a worker alone, so that is tried first. Gives back what takes it away. */
async function notify(title: string, body: string): Promise<() => void> {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return () => {}
  const options = { body, tag, icon: '/icon-192.png', requireInteraction: true }
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  if (registration) {
    await registration.showNotification(title, options)
    return () => {
      void registration.getNotifications({ tag }).then(all => {
        for (const each of all) each.close()
      })
    }
  }
  const notification = new Notification(title, options)
  notification.onclick = () => {
    globalThis.focus()
    notification.close()
  }
  return () => notification.close()
}
