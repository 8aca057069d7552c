/** What a tool says of itself, in one number: who changes it after it was accepted is noticed (M106). */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../registry/canonical-json.ts'
import type { JsonObject } from '../json-rpc.ts'

const SAID = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations']

/** The order of members does not count, nor what only decorates. */
export function hashTool(tool: JsonObject): string {
  const said = SAID.filter((member) => tool[member] !== undefined).map((member) => [member, tool[member]])
  return createHash('sha256').update(canonicalJson(said)).digest('hex')
}
