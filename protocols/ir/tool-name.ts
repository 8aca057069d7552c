/**
 * Tool names in the alphabet `[a-zA-Z0-9_-]` that several APIs share.
 *
 * Names of MCP and Gemini tools may have dots, colons and slashes. Nothing is remembered between a request and its answer,
 * so the written name must tell the original by itself: each foreign character becomes its code point, `.` is `_u2e_`.
 */
const FOREIGN = /[^a-zA-Z0-9_-]/gu
const ESCAPE = /_u([0-9a-f]{2,6})_/g

export function escapeToolName(name: string): string {
  return name.replace(FOREIGN, (character) => `_u${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}_`)
}

/** The original of an escaped name; a name that `escapeToolName` cannot have written is its own original. */
export function unescapeToolName(name: string): string {
  if (!name.includes('_u')) return name
  const original = name.replace(ESCAPE, (written, hex: string) => {
    const point = Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : written
  })
  return escapeToolName(original) === name ? original : name
}
