/** How long a back end wants to be left alone. */

/**
 * Reads `retry-after` in seconds or as a date, and the milliseconds that some send beside it.
 * A date counts from the answer's own `date`, as there is no clock here.
 *
 * @param headers by lower-case name.
 * @returns milliseconds; nothing for what is no time to come.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function readRetryAfter(headers: Readonly<Record<string, string | undefined>>): number | undefined {
  const exact = readCount(headers['retry-after-ms'])
  if (exact !== undefined) return exact
  const after = headers['retry-after']
  const seconds = readCount(after)
  if (seconds !== undefined) return Math.round(seconds * 1000)
  const wait = Date.parse(after ?? '') - Date.parse(headers['date'] ?? '')
  return wait >= 0 ? wait : undefined
}

function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined
}
