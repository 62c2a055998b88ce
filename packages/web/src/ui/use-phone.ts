import type { Phone } from '@switchboard/client'
import { useApp } from '../state/app.js'

/** The phone, in screens that only somebody who is logged in sees. */
export function usePhone(): Phone {
  const standing = useApp().session.standing.value
  if (standing.is !== 'inside') throw new Error('nobody is logged in')
  return standing.phone
}
