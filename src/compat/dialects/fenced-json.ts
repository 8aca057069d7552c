/** JSON in a code fence: what unknown and weak models fall into by themselves. */
import type { Dialect } from '../dialect.ts'
import { EVERYDAY_TAGS } from './hermes.ts'

export const FENCED_JSON: Dialect = {
  name: 'fenced-json',
  ownTags: EVERYDAY_TAGS,
  closings: Object.keys(EVERYDAY_TAGS),
  fences: { tool_call: { json: true, python: false } },
  unmarked: { json: true, python: false },
}
