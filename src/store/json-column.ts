/** Columns that hold JSON text. What is in it is looked at by whoever reads the row. */

export type JsonText = string

export function readJson(text: JsonText): unknown {
  return JSON.parse(text)
}

/** @param value something that JSON can say, never `undefined`. */
export function writeJson(value: unknown): JsonText {
  return JSON.stringify(value)
}
