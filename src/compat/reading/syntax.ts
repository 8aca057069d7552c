/** What a notation for values has beyond JSON as models write it. */
export interface Syntax {
  /** Marks around strings whose inside is told as it is: `<|"|>` of Gemma. */
  readonly marks: readonly string[]
  /** Tuples, comments with `#`, triple quotes, prefixes of strings, and strings side by side. */
  readonly python: boolean
  /** What stands without quotes and is no word of the notation is a text. */
  readonly bare: boolean
}

export const JSON_SYNTAX: Syntax = { marks: [], python: false, bare: true }
export const PYTHON_SYNTAX: Syntax = { marks: [], python: true, bare: true }
