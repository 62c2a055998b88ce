import { useEffect, useState } from 'preact/hooks'
import { ApiError } from './api.js'
import { usePanel } from './panel.js'
import { whileWatched } from './while-watched.js'

export interface Loaded<T> {
  /** Of this path; of the path before, while this one is on its way. */
  readonly data: T | undefined
  readonly error: ApiError | undefined
  readonly isLoading: boolean
  reload(): void
}

interface State<T> {
  readonly name: string
  readonly data?: T | undefined
  readonly error?: ApiError | undefined
}

/** What the server answers to a path: again when the path changes, and every so often while somebody looks. */
export function useLoaded<T>(path: string | (() => string), everyMs?: number): Loaded<T> {
  /** A path that is made anew each time is one and the same thing. */
  const name = typeof path === 'string' ? path : 'made'
  const { api } = usePanel()
  const [state, setState] = useState<State<T>>({ name: '' })
  const [round, setRound] = useState(0)
  const reload = () => setRound(before => before + 1)

  useEffect(() => {
    const abort = new AbortController()
    api.get<T>(typeof path === 'string' ? path : path(), abort.signal).then(
      data => setState({ name, data }),
      (thrown: unknown) => {
        if (abort.signal.aborted) return
        const error = thrown instanceof ApiError ? thrown : new ApiError('unknown')
        setState(before => ({ name, error, data: before.name === name ? before.data : undefined }))
      },
    )
    return () => abort.abort()
  }, [name, round])

  useEffect(() => (everyMs === undefined ? undefined : whileWatched(reload, everyMs)), [everyMs])

  return { data: state.data, error: state.error, isLoading: state.name !== name, reload }
}

/** A path with what of the query has a value. */
export function pathWith(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const set = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`
}
