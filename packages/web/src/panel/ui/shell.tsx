import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Mark } from '../../parts/brand.js'
import { Icon } from '../../parts/icon.js'
import { usePanel, useSession, useTexts } from '../state/panel.js'
import { reaches } from '../state/session.js'
import { useAction } from '../state/use-action.js'
import { groups, icons, isIn } from './areas.js'
import { Link } from './link.js'

function Ways() {
  const { route } = usePanel()
  const { nav } = useTexts()
  const { administrator } = useSession()
  const { path } = route.place.value
  return (
    <>
      {groups.map(({ name, areas }) => (
        <div key={name} class="nav-group">
          <p class="nav-title" id={`nav-${name}`}>
            {nav.groups[name]}
          </p>
          <ul aria-labelledby={`nav-${name}`}>
            {areas
              .filter(({ least }) => reaches(administrator.role, least))
              .map(area => (
                <li key={area.href}>
                  <Link href={area.href} class="nav-item" current={isIn(path, area.href)}>
                    <Icon name={icons[area.name]} />
                    {nav[area.name]}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </>
  )
}

function Self() {
  const { session, route } = usePanel()
  const { nav, roles } = useTexts()
  const { administrator } = useSession()
  const { run } = useAction()
  return (
    <div class="self">
      <Link href="/account" class="nav-item" current={route.place.value.path === '/account'}>
        <Icon name="contacts" />
        <span class="self-name">
          <span>{administrator.name}</span>
          <span class="self-role">{roles[administrator.role]}</span>
        </span>
      </Link>
      <button
        type="button"
        class="button round plain"
        aria-label={nav.signOut}
        title={nav.signOut}
        onClick={() => run(() => session.signOut())}
      >
        <Icon name="leave" />
      </button>
    </div>
  )
}

/** What stands around every page: the way round, who is signed in, and a way past both for the keyboard. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const { route } = usePanel()
  const t = useTexts()
  const [isOpen, setOpen] = useState(false)
  const { path } = route.place.value
  const came = useRef(path)
  const menu = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (came.current === path) return
    came.current = path
    setOpen(false)
    window.scrollTo(0, 0)
    document.querySelector<HTMLElement>('[data-focus]')?.focus({ preventScroll: true })
  }, [path])
  useEffect(() => {
    if (!isOpen) return
    const pressed = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpen(false)
      menu.current?.focus()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [isOpen])
  return (
    <div class="shell">
      <a href="#content" class="skip">
        {t.skip}
      </a>
      <header class="side" data-open={isOpen}>
        <div class="side-head">
          <Link href="/" class="side-brand">
            <Mark />
            <span>{t.product}</span>
          </Link>
          <button
            ref={menu}
            type="button"
            class="button round plain side-menu"
            aria-expanded={isOpen}
            aria-controls="ways"
            aria-label={t.menu}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'close' : 'menu'} />
          </button>
        </div>
        <div class="side-body" id="ways">
          <nav aria-label={t.nav.label}>
            <Ways />
          </nav>
          <Self />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
