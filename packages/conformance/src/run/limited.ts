/** A limit of the server stands between a case and what it wants to see; it says nothing about the case. */
export class Limited extends Error {
  override readonly name = 'Limited'
  readonly retryAfterSeconds: number

  constructor(what: string, retryAfterSeconds: number) {
    super(what)
    this.retryAfterSeconds = retryAfterSeconds
  }
}
