import type { ComponentChildren } from 'preact'
import { Empty } from '../../parts/empty.js'
import { Icon } from '../../parts/icon.js'
import { explain } from '../../texts/explain.js'
import { useTexts } from '../state/panel.js'
import type { Loaded } from '../state/use-loaded.js'

export interface ShownProps<T> {
  readonly of: Loaded<T>
  readonly children: (data: T) => ComponentChildren
}

/** What was loaded; before that a sign that it is coming, and instead of it what went wrong. */
export function Shown<T>({ of: { data, error, isLoading, reload }, children }: ShownProps<T>) {
  const t = useTexts()
  if (data === undefined && error) {
    const isGone = error.problem.status === 404
    const isRefused = error.code === 'role_too_low'
    return (
      <div role="alert">
        <Empty
          icon="warning"
          title={isGone ? t.notFound : t.failed}
          hint={isGone ? t.notFoundHint : isRefused ? t.notAllowed : explain(error, t)}
        >
          <button type="button" class="button small tinted" onClick={reload}>
            {t.tryAgain}
          </button>
        </Empty>
      </div>
    )
  }
  if (data === undefined) {
    return (
      <p class="loading" role="status">
        {t.loading}
      </p>
    )
  }
  return (
    <div class="shown" aria-busy={isLoading}>
      {error && (
        <p class="notice warning" role="status">
          <Icon name="warning" />
          {t.stale}
        </p>
      )}
      {children(data)}
    </div>
  )
}
