/** Ids of tool calls, as long as this API takes them. */
import { digest } from '../ir/digest.ts'

/** @see the API's own refusal: "expected a string with maximum length 40". */
const LONGEST = 40

/** The id itself where it is short enough; else one made of it, always the same, so that a call and its result stay a pair. */
export function shortenCallId(id: string): string {
  return id.length <= LONGEST ? id : makeCallId(id)
}

/** An id made of any text: the same text gives the same id (trap 43). */
export function makeCallId(seed: string): string {
  return `call_${digest(seed)}`
}
