/**
 * Names of tools in the alphabet of this API, `[a-zA-Z0-9_-]`.
 *
 * Names of MCP tools have dots, colons and slashes. Nothing is remembered between a request and its answer, so the
 * mapping must be readable from the mapped name alone: each foreign character becomes its code point, `_u2e_`.
 */

const FOREIGN = /[^a-zA-Z0-9_-]/gu
const ESCAPE = /_u([0-9a-f]{2,6})_/g

export function escapeToolName(name: string): string {
  return name.replace(FOREIGN, (character) => `_u${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}_`)
}

/** A name that `escapeToolName` cannot have written comes back as it is. */
export function unescapeToolName(name: string): string {
  if (!name.includes('_u')) return name
  const original = name.replace(ESCAPE, (whole, hex: string) => {
    const point = Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
  return escapeToolName(original) === name ? original : name
}
