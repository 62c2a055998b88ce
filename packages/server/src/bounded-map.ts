/** A map that forgets its oldest entries when it is full: memory with a bound. */
export function boundedMap<Key, Value>(limit: number) {
  const entries = new Map<Key, Value>()
  return {
    get: (key: Key): Value | undefined => entries.get(key),
    set(key: Key, value: Value): void {
      entries.delete(key)
      entries.set(key, value)
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break
        entries.delete(oldest)
      }
    },
    delete: (key: Key): boolean => entries.delete(key),
    deleteWhere(matches: (value: Value) => boolean): void {
      for (const [key, value] of entries) if (matches(value)) entries.delete(key)
    },
  }
}
