/** Ids of tool calls, as long as this API takes them. */

/** @see the API's own refusal: "expected a string with maximum length 64". */
const LONGEST = 64

/** The id itself where it is short enough; else one made of it, always the same, so that a call and its result stay a pair. */
export function shortenCallId(id: string): string {
  if (id !== '' && id.length <= LONGEST) return id
  return `call_${hash(id, 0x811c9dc5)}${hash(id, 0x9e3779b9)}${hash(id, 0x85ebca6b)}`
}

/** FNV-1a over UTF-16 units, from another start for each third of the id: enough to tell the calls of one conversation apart. */
function hash(text: string, start: number): string {
  let sum = start
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  return (sum >>> 0).toString(16).padStart(8, '0')
}
