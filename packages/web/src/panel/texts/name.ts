interface Named {
  readonly firstName: string
  readonly lastName: string
}

export const nameOf = ({ firstName, lastName }: Named): string => `${firstName} ${lastName}`.trim()

/** A text for a code that may be newer than this page: then the code itself, in words. */
export const textOf = (texts: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(texts, code) ? (texts[code] ?? code) : code.replaceAll(/[_.]/g, ' ')
