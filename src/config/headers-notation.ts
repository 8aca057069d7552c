/** How the file and the management API write down headers that go to a back end with every call. */

/** JSON Schema: names to values, both such that HTTP can send them. */
export const HEADERS_SCHEMA = {
  type: 'object',
  propertyNames: { format: 'header-name' },
  additionalProperties: { type: 'string', format: 'header-value' },
} as const

/** @param written valid by `HEADERS_SCHEMA`. @returns the same with names in lower case; of a name given twice the last counts. */
export function readHeaders(written: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name.toLowerCase(), value.trim()]))
}

/** Judges the format `header-name`: a token of RFC 9110. */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)
}

/** Judges the format `header-value`. */
export function isHeaderValue(text: string): boolean {
  // Line breaks at the ends come with pasted keys and are trimmed; within, they would begin another header.
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text.trim())
}
