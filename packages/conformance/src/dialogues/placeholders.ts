/** Members whose values differ from server to server or from run to run, and what stands for them. */
const standIns: Readonly<Record<string, string>> = {
  AGE_MS: '{age}',
  HEARTBEAT_SECONDS: '{number}',
  ICE_SERVERS: '{list}',
  MESSAGE: '{text}',
  SEQ: '{seq}',
}

export interface Placing {
  /** A frame with placeholders for what differs. */
  place(device: string, frame: object): Record<string, unknown>
}

/** Puts placeholders in what came; `values` has the known ones by placeholder. */
export function placing(values: ReadonlyMap<string, string>): Placing {
  const names = new Map([...values].map(([placeholder, value]) => [value, placeholder]))
  let calls = 0
  const nameOf = (key: string, value: string, device: string) => {
    const known = names.get(value)
    if (known !== undefined) return known
    const fresh = key === 'CALL_ID' ? `{call ${++calls}}` : key === 'SESSION' ? `{session ${device}}` : value
    names.set(value, fresh)
    return fresh
  }
  function walk(device: string, key: string, value: unknown): unknown {
    const standIn = standIns[key]
    if (standIn !== undefined) return standIn
    if (typeof value === 'string') return nameOf(key, value, device)
    if (Array.isArray(value)) return value.map(each => walk(device, '', each))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([member, each]) => [member, walk(device, member, each)]),
    )
  }
  return { place: (device, frame) => walk(device, '', frame) as Record<string, unknown> }
}
