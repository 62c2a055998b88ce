import type { Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** How long a sentence stays. */
const toastMs = 5_000

/** A sentence that is said once, and goes by itself. */
export function Toast({ toast }: { readonly toast: Signal<string | undefined> }) {
  const { value } = toast
  useEffect(() => {
    if (value === undefined) return
    const timer = setTimeout(() => {
      toast.value = undefined
    }, toastMs)
    return () => clearTimeout(timer)
  }, [value])
  return (
    <div class="toast" role="status">
      {value !== undefined && <p>{value}</p>}
    </div>
  )
}
