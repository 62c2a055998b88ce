import type { en } from './en.js'

/** Sentences with gaps are functions; a language has the same ones as English. */
export type Like<T> = {
  readonly [Name in keyof T]: T[Name] extends string
    ? string
    : T[Name] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Like<T[Name]>
}
export type Texts = Like<typeof en>
