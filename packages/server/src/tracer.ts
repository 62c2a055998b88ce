/** Something that took its time, as a line of a trace. */
export interface Span {
  /** A call's id or a request's: every node makes the same trace of it, and nothing else has to be told. */
  readonly trace: string
  readonly name: string
  /** Wall clock, in milliseconds. */
  readonly from: number
  readonly to: number
  /** The one that the others of its trace are part of. */
  readonly isRoot?: boolean
  readonly kind?: 'internal' | 'server'
  readonly isError?: boolean
  /** Never a number, an address, a token or anything else that a client sent. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

/** Takes spans at once and sends them later. Who is given none makes none. */
export interface Tracer {
  span(span: Span): void
}
