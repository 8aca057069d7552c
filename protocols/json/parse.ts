import { DEFAULT_JSON_LIMITS, type JsonLimits } from './json-limits.ts'
import { readValue } from './span.ts'
import { startOfText } from './start-of-text.ts'
import { checkUtf8 } from './utf8.ts'
import { walkJson } from './walk.ts'

/**
 * The value of a JSON text, read as `JSON.parse` reads it: the last of equal names counts, `__proto__` is a name like
 * any other. Grammar, depth and number of values are judged on the bytes first, so that a hostile text costs no more
 * than its reading; an error names line and column on every version of Node.
 *
 * @throws JsonError when it is no JSON, no UTF-8, or beyond the limits.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits = DEFAULT_JSON_LIMITS): unknown {
  checkUtf8(bytes)
  walkJson(bytes, limits)
  return readValue(bytes, { start: startOfText(bytes), end: bytes.length })
}
