import { useState } from 'preact/hooks'
import { explain } from '../../texts/explain.js'
import { usePanel } from './panel.js'

/** Runs what a button does, once at a time; what goes wrong is said in words. */
export function useAction() {
  const { texts, toast } = usePanel()
  const [isBusy, setBusy] = useState(false)
  const run = (action: () => Promise<unknown>) => {
    if (isBusy) return
    setBusy(true)
    action()
      .catch((error: unknown) => {
        toast.value = explain(error, texts.value)
      })
      .finally(() => setBusy(false))
  }
  return { isBusy, run }
}
