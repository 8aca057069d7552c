/**
 * Names of functions as the API takes them: letters, digits, `_`, `.`, `:`, `-`, and no digit or sign first (trap 51).
 *
 * Nothing is remembered between a request and its answer, so the written name tells the original by itself: each foreign
 * character becomes its code point, `/` is `_u2f_`.
 *
 * @see https://ai.google.dev/api/caching#FunctionDeclaration
 */
const FOREIGN = /^[^a-zA-Z_]|[^a-zA-Z0-9_.:-]/gu
const ESCAPE = /_u([0-9a-f]{2,6})_/g

export function writeToolName(name: string): string {
  return name.replace(FOREIGN, (character) => `_u${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}_`)
}

/** The original of a written name; a name that `writeToolName` cannot have written is its own original. */
export function readToolName(name: string): string {
  if (!name.includes('_u')) return name
  const original = name.replace(ESCAPE, (written, hex: string) => {
    const point = Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : written
  })
  return writeToolName(original) === name ? original : name
}
