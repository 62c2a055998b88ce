import { useRef } from 'preact/hooks'

/** What a link of ours has after the #. It is taken out of the address: it stands in no history then. */
export function useLinkToken(): string {
  const token = useRef<string | undefined>(undefined)
  if (token.current === undefined) {
    token.current = location.hash.slice(1)
    if (token.current !== '') history.replaceState(null, '', location.pathname)
  }
  return token.current
}
