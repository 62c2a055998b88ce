import { useState } from 'preact/hooks'
import { usePanel, useTexts } from '../state/panel.js'
import { canUsePasskeys } from '../state/passkeys.js'
import { useAction } from '../state/use-action.js'
import { Door } from '../ui/door.js'
import { PasskeySetUp } from '../ui/passkey-set-up.js'
import { TotpSetUp } from '../ui/totp-set-up.js'

/** Where the server asks for a second step and there is none yet: nothing else is answered before. */
export function SecondFactorSetUp() {
  const { session, toast } = usePanel()
  const { secondFactor: t, nav, back } = useTexts()
  const { run } = useAction()
  const [kind, setKind] = useState<'totp' | 'passkey'>()
  const done = () => {
    toast.value = t.done
    void session.look()
  }
  return (
    <Door
      title={kind === undefined ? t.title : kind === 'totp' ? t.app : t.passkey}
      lead={kind ? undefined : t.lead}
    >
      {kind === undefined && (
        <div class="choices">
          <button type="button" class="choice-card" onClick={() => setKind('totp')}>
            <b>{t.app}</b>
            <span class="hint">{t.appHint}</span>
          </button>
          {canUsePasskeys && (
            <button type="button" class="choice-card" onClick={() => setKind('passkey')}>
              <b>{t.passkey}</b>
              <span class="hint">{t.passkeyHint}</span>
            </button>
          )}
        </div>
      )}
      {kind === 'totp' && <TotpSetUp onDone={done} />}
      {kind === 'passkey' && <PasskeySetUp onDone={done} />}
      <div class="ways">
        {kind !== undefined && (
          <button type="button" class="link" onClick={() => setKind(undefined)}>
            {back}
          </button>
        )}
        <button type="button" class="link" onClick={() => run(() => session.signOut())}>
          {nav.signOut}
        </button>
      </div>
    </Door>
  )
}
