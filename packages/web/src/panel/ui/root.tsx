import { Board, Mark } from '../../parts/brand.js'
import { Toast } from '../../parts/toast.js'
import { FirstAdministrator } from '../pages/first-administrator.js'
import { Invitation } from '../pages/invitation.js'
import { SecondFactorSetUp } from '../pages/second-factor-set-up.js'
import { SignIn } from '../pages/sign-in.js'
import { usePanel } from '../state/panel.js'
import { Pages } from './pages.js'
import { Shell } from './shell.js'

function Screen() {
  const { session, route, texts } = usePanel()
  const t = texts.value
  const standing = session.standing.value
  const { path } = route.place.value
  if (path === '/welcome') return <FirstAdministrator />
  if (path === '/invitation') return <Invitation />
  switch (standing.is) {
    case 'starting':
      return (
        <main class="message">
          <Mark />
          <h1 class="quiet">{t.starting}</h1>
        </main>
      )
    case 'unreachable':
      return (
        <main class="message">
          <Board />
          <h1>{t.unreachable}</h1>
          <p>{t.unreachableHint}</p>
          <button type="button" class="button primary" onClick={() => void session.look()}>
            {t.tryAgain}
          </button>
        </main>
      )
    case 'outside':
      return <SignIn key={standing.next} next={standing.next} methods={standing.methods} />
    case 'inside':
      if (standing.session.needs === 'second_factor_setup') return <SecondFactorSetUp />
      return (
        <Shell>
          <Pages />
        </Shell>
      )
  }
}

export function Root() {
  const { toast } = usePanel()
  return (
    <>
      <Screen />
      <Toast toast={toast} />
    </>
  )
}
