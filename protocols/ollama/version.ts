/** The version that clients ask for before they trust a server. */
import type { JsonObject } from '../ir/extra.ts'

/** The one whose API this codec speaks. Editors turn away from servers that say less than 0.6.4, and from what is no such number. */
const SPOKEN_VERSION = '0.12.6'

/** @param gateway version of what answers in truth. */
export function encodeVersion(gateway: string): JsonObject {
  return { version: SPOKEN_VERSION, gateway }
}
