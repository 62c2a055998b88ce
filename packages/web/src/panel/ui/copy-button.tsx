import { Icon } from '../../parts/icon.js'
import { usePanel, useTexts } from '../state/panel.js'
import { useAction } from '../state/use-action.js'

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const { toast } = usePanel()
  const { copy, copied } = useTexts()
  const { run } = useAction()
  return (
    <button
      type="button"
      class="button small tinted"
      onClick={() =>
        run(async () => {
          await navigator.clipboard.writeText(text)
          toast.value = copied
        })
      }
    >
      <Icon name="copy" />
      {label ?? copy}
    </button>
  )
}
