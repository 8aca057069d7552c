/** Ids of tool calls in the alphabet of this API, `[a-zA-Z0-9_-]`. */

const LEGAL = /^[a-zA-Z0-9_-]+$/
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** The id itself where it is legal; else the same legal one every time, different for different ids (trap 42). */
export function legalToolId(id: string): string {
  if (LEGAL.test(id)) return id
  // Two ids may differ in illegal characters only: the hash keeps them apart.
  return `${id.replace(/[^a-zA-Z0-9_-]/g, '_')}_${hash(id)}`
}

/** FNV-1a over UTF-16 units: short and the same on every machine, so that the prompt cache is met (trap 43). */
function hash(text: string): string {
  let sum = FNV_OFFSET
  for (let index = 0; index < text.length; index++) {
    sum = Math.imul(sum ^ text.charCodeAt(index), FNV_PRIME)
  }
  return (sum >>> 0).toString(16).padStart(8, '0')
}
