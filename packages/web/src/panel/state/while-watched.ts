/** A page that nobody has touched for so long asks no more: it would keep a forgotten session alive. */
const unwatchedMs = 20 * 60_000
const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const

/** Does it every so often while somebody looks, and at once when somebody does again. */
export function whileWatched(work: () => void, everyMs: number): () => void {
  let touchedAt = Date.now()
  const isWatched = () => !document.hidden && Date.now() - touchedAt < unwatchedMs
  const timer = setInterval(() => {
    if (isWatched()) work()
  }, everyMs)
  const touched = () => {
    const wasWatched = isWatched()
    touchedAt = Date.now()
    if (!wasWatched && isWatched()) work()
  }
  const shown = () => {
    if (isWatched()) work()
  }
  for (const sign of signs) document.addEventListener(sign, touched, { passive: true })
  document.addEventListener('visibilitychange', shown)
  return () => {
    clearInterval(timer)
    for (const sign of signs) document.removeEventListener(sign, touched)
    document.removeEventListener('visibilitychange', shown)
  }
}
