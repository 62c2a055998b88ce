/** Something else came than was awaited, or nothing. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
  readonly expected: string
  readonly came: string

  constructor(expected: string, came: string) {
    super(`awaited ${expected}; ${came}`)
    this.expected = expected
    this.came = came
  }
}
