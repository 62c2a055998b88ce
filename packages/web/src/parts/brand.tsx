/** Two jacks and the cord between them. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path class="mark-cord" d="M8 11C8 27 24 5 24 21" />
      <circle cx="8" cy="8" r="4.5" />
      <circle cx="24" cy="24" r="4.5" />
    </svg>
  )
}

export type CordState = 'idle' | 'reaching' | 'joined' | 'held' | 'broken'

/** The cord of a call: it hangs, it reaches out, it is plugged in. */
export function Cord({ state }: { readonly state: CordState }) {
  return (
    <svg class={`cord ${state}`} viewBox="0 0 320 96" preserveAspectRatio="none" aria-hidden="true">
      <path class="cord-shadow" d="M0 48C80 132 240 -36 320 48" />
      <path class="cord-line" d="M0 48C80 132 240 -36 320 48" />
    </svg>
  )
}

/** A board of jacks, some of them joined: the picture of the front page. */
export function Board() {
  const columns = [40, 120, 200, 280, 360]
  const rows = [40, 120, 200, 280]
  const cords = [
    'M40 40C40 220 280 -20 280 200',
    'M120 280C120 120 360 300 360 120',
    'M200 120C200 240 120 100 120 200',
  ]
  const plugged = new Set(['40,40', '280,200', '120,280', '360,120', '200,120', '120,200'])
  return (
    <svg class="board" viewBox="0 0 400 320" aria-hidden="true">
      {rows.flatMap(y =>
        columns.map(x => (
          <circle
            key={`${x},${y}`}
            class={plugged.has(`${x},${y}`) ? 'jack plugged' : 'jack'}
            cx={x}
            cy={y}
            r={13}
          />
        )),
      )}
      {cords.map((d, index) => (
        <path key={d} class={`board-cord cord-${index}`} d={d} />
      ))}
    </svg>
  )
}
