/** Ids of tool calls in the alphabet of this API, `[a-zA-Z0-9_-]`. */
import { digest } from '../ir/digest.ts'

const LEGAL = /^[a-zA-Z0-9_-]+$/
const MARK_LENGTH = 8

/**
 * The id itself where it is legal; else the same legal one every time (trap 43), different for different ids (trap 42):
 * two may differ in illegal characters only, and the mark at the end keeps them apart.
 */
export function legalToolId(id: string): string {
  if (LEGAL.test(id)) return id
  return `${id.replace(/[^a-zA-Z0-9_-]/g, '_')}_${digest(id).slice(0, MARK_LENGTH)}`
}
