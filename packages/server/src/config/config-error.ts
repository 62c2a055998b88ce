/** What is wrong with one value, without its name: `is not a whole number`. Thrown by parsers. */
export class BadValue extends Error {}

/** Why there is no start: one line that names the variable. Never carries a secret's value. */
export class ConfigError extends Error {
  readonly variable: string

  constructor(variable: string, fault: string) {
    super(`${variable}: ${fault}`)
    this.name = 'ConfigError'
    this.variable = variable
  }
}
