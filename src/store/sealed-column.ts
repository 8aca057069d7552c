/** Columns of JSON whose content may be secret: a sealed text in the place of what it hides. */
import { type JsonText, readJson, writeJson } from './json-column.ts'
import type { Secrets } from './secrets.ts'

/** @param value something that JSON can say; an empty object hides nothing and is left as it is. */
export function sealJson(secrets: Secrets, value: unknown): JsonText {
  const text = writeJson(value)
  return text === '{}' ? text : writeJson(secrets.seal(text))
}

/** @param text as `sealJson` wrote it. */
export function openJson(secrets: Secrets, text: JsonText): unknown {
  const value = readJson(text)
  return typeof value === 'string' ? readJson(secrets.open(value)) : value
}
