/** What a tool of an MCP server answered, as parts of a result that any model can be given. */
import type { ToolResultContent } from '../../../protocols/ir/part.ts'
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'

/**
 * Blocks that models know become parts; of the others their JSON is told, so that nothing is lost.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export function readToolResult(result: JsonObject): readonly ToolResultContent[] {
  const blocks = Array.isArray(result['content']) ? result['content'] : []
  const parts = blocks.map(readBlock)
  // By the specification the same stands in a text block, too; some servers leave it out.
  if (parts.length > 0 || result['structuredContent'] === undefined) return parts
  return [{ type: 'text', text: JSON.stringify(result['structuredContent']) }]
}

function readBlock(block: unknown): ToolResultContent {
  if (!isObject(block)) return { type: 'text', text: JSON.stringify(block) }
  const { type, text, data, mimeType, resource } = block
  if (type === 'text' && typeof text === 'string') return { type: 'text', text }
  if ((type === 'image' || type === 'audio') && typeof data === 'string' && typeof mimeType === 'string') {
    return { type, source: { type: 'base64', mediaType: mimeType, data } }
  }
  if (type === 'resource' && isObject(resource) && typeof resource['text'] === 'string') {
    return { type: 'text', text: resource['text'] }
  }
  return { type: 'text', text: JSON.stringify(block) }
}
