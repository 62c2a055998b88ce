import { render } from 'preact'
import { WordsContext } from '../parts/words.js'
import { createPanel, PanelContext } from './state/panel.js'
import { Root } from './ui/root.js'

const panel = createPanel(window)
render(
  <PanelContext.Provider value={panel}>
    <WordsContext.Provider value={panel.texts}>
      <Root />
    </WordsContext.Provider>
  </PanelContext.Provider>,
  document.getElementById('app') as HTMLElement,
)
void panel.session.look()
