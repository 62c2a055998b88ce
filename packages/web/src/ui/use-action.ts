import { useApp } from '../state/app.js'
import { explain } from '../texts/explain.js'

/** Runs what a button does; what goes wrong is said in words. */
export function useAction(): (action: () => Promise<unknown>) => void {
  const { texts, toast } = useApp()
  return action => {
    action().catch((error: unknown) => {
      toast.value = explain(error, texts.value)
    })
  }
}
