import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../parts/icon.js'
import { usePanel } from '../state/panel.js'

/** How long somebody stops typing before the server is asked. */
const pauseMs = 200

/** A word to narrow a list down by, while it is typed. */
export function SearchField({ name, label }: { readonly name: string; readonly label: string }) {
  const { route } = usePanel()
  const inAddress = route.place.value.query.get(name) ?? ''
  const [text, setText] = useState(inAddress)
  const input = useRef<HTMLInputElement>(null)
  const written = useRef(inAddress)
  useEffect(() => {
    // Somebody went back: the field goes with the address.
    if (inAddress === written.current) return
    written.current = inAddress
    setText(inAddress)
  }, [inAddress])
  useEffect(() => {
    if (text.trim() === written.current) return
    const timer = setTimeout(() => {
      written.current = text.trim()
      route.refine({ [name]: text.trim(), cursor: undefined }, true)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <label class="search">
      <Icon name="search" />
      <span class="unseen">{label}</span>
      <input
        ref={input}
        type="search"
        value={text}
        placeholder={label}
        autoComplete="off"
        spellcheck={false}
        maxLength={100}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
    </label>
  )
}
