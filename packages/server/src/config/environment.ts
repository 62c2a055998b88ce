export type Environment = Readonly<Record<string, string | undefined>>
/** Gives a file's text, or throws an error with a `code`, as `readFileSync` does. */
export type ReadFile = (path: string) => string
