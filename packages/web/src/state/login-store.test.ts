import { describe, expect, it } from 'vitest'
import { createLoginStore } from './login-store.js'

const items = () => {
  const held = new Map<string, string>()
  return {
    held,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  }
}
const kept = { token: 't', expiresAt: '2030', session: 's', calls: { c: { audio: true, video: false } } }

describe('where the login is kept', () => {
  it('the tab has all of it; the origin has the token alone', () => {
    const [tab, origin] = [items(), items()]
    createLoginStore(tab, origin).setItem('k', JSON.stringify(kept))
    expect(JSON.parse(tab.held.get('k') ?? '')).toEqual(kept)
    expect(JSON.parse(origin.held.get('k') ?? '')).toEqual({ token: 't', expiresAt: '2030' })
    const otherTab = createLoginStore(items(), origin)
    expect(JSON.parse(otherTab.getItem('k') ?? '')).toEqual({ token: 't', expiresAt: '2030' })
  })

  it('the origin has nothing when the login is to end with the tab, and nothing after it is forgotten', () => {
    const [tab, origin] = [items(), items()]
    const store = createLoginStore(tab, origin)
    store.setItem('k', JSON.stringify(kept))
    store.stay = false
    store.setItem('k', JSON.stringify(kept))
    expect([tab.held.has('k'), origin.held.has('k')]).toEqual([true, false])
    store.stay = true
    store.setItem('k', JSON.stringify(kept))
    store.removeItem('k')
    expect([tab.held.has('k'), origin.held.has('k')]).toEqual([false, false])
  })

  it('what another tab took over is taken back as a new connection', () => {
    const [tab, origin] = [items(), items()]
    const store = createLoginStore(tab, origin)
    store.setItem('k', JSON.stringify(kept))
    store.removeItem('k')
    store.takeBack()
    expect(JSON.parse(store.getItem('k') ?? '')).toEqual({ token: 't', expiresAt: '2030' })
  })
})
