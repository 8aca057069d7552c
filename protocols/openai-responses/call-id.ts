/** Ids of tool calls, as long as this API takes them. */
import { digest } from '../ir/digest.ts'

/** @see the API's own refusal: "expected a string with maximum length 64". */
const LONGEST = 64

/** The id itself where it is short enough; else one made of it, always the same, so that a call and its result stay a pair. */
export function shortenCallId(id: string): string {
  return id !== '' && id.length <= LONGEST ? id : `call_${digest(id)}`
}
