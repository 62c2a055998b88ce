import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { Role, SessionView } from '@switchboard/protocol/admin'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../../texts/texts.js'
import { en } from '../texts/en.js'
import type { PanelTexts } from '../texts/like.js'
import { sv } from '../texts/sv.js'
import { type Api, createApi } from './api.js'
import { createLanguage } from './language.js'
import { createRoute, type Route } from './route.js'
import { createSession, reaches, type Session } from './session.js'

/** Everything that the pages show and do. */
export interface Panel {
  readonly api: Api
  readonly route: Route
  readonly session: Session
  readonly language: Signal<Language>
  readonly texts: ReadonlySignal<PanelTexts>
  /** A sentence that is said once, and goes by itself. */
  readonly toast: Signal<string | undefined>
}

const texts: Readonly<Record<Language, PanelTexts>> = { en, sv }

export function createPanel(page: Window): Panel {
  const session = createSession(() => api)
  const api = createApi({
    fetch: page.fetch.bind(page),
    csrfToken: () => {
      const { value } = session.standing
      return value.is === 'inside' ? value.session.csrfToken : undefined
    },
    onOutside: () => session.leave(),
  })
  const language = createLanguage(page)
  return {
    ...{ api, session, language, route: createRoute(page), toast: signal<string>() },
    texts: computed(() => texts[language.value]),
  }
}

export const PanelContext = createContext<Panel | undefined>(undefined)

export function usePanel(): Panel {
  const panel = useContext(PanelContext)
  if (!panel) throw new Error('a component stands outside the panel')
  return panel
}

export const useTexts = (): PanelTexts => usePanel().texts.value

/** Who is signed in. Only for what stands inside. */
export function useSession(): SessionView {
  const { value } = usePanel().session.standing
  if (value.is !== 'inside') throw new Error('nobody is signed in')
  return value.session
}

/** Whether whoever is signed in may do what asks for that role. */
export const useMay = (least: Role): boolean => reaches(useSession().administrator.role, least)
