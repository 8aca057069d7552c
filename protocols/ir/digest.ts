/**
 * A short text that stands for a longer one: the same text always gives the same digest, and the few thousand names of one
 * conversation give different ones. FNV-1a over UTF-16 units, from another start for each third. No secret is safe in it.
 *
 * @returns 24 hexadecimal digits.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function digest(text: string): string {
  return sum(text, 0x811c9dc5) + sum(text, 0x9e3779b9) + sum(text, 0x85ebca6b)
}

function sum(text: string, start: number): string {
  let total = start
  for (let index = 0; index < text.length; index++) {
    total = Math.imul(total ^ text.charCodeAt(index), 0x01000193)
  }
  return (total >>> 0).toString(16).padStart(8, '0')
}
