import { render } from 'preact'
import { WordsContext } from './parts/words.js'
import { AppContext, createApp } from './state/app.js'
import { Root } from './ui/root.js'

const app = createApp(window)
render(
  <AppContext.Provider value={app}>
    <WordsContext.Provider value={app.texts}>
      <Root />
    </WordsContext.Provider>
  </AppContext.Provider>,
  document.getElementById('app') as HTMLElement,
)
void app.session.start()

/** The page's policy takes addresses of scripts from this one place. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string
  }
}
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
const workerUrl = '/service-worker.js'
const policy = trustedTypes?.createPolicy('switchboard', {
  createScriptURL: url => {
    if (url !== workerUrl) throw new TypeError('no script of this page')
    return url
  },
})
// Where a worker cannot be had (a certificate that is not trusted), the phone works without.
navigator.serviceWorker
  ?.register(policy ? policy.createScriptURL(workerUrl) : workerUrl)
  .catch(() => undefined)
