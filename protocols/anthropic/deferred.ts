/**
 * Tools that a client declares but keeps out of the model's sight until the model has looked them up (`defer_loading`).
 *
 * Other protocols have nothing of the kind: there a tool is in sight or it is not. One that has been looked up is an ordinary
 * tool; one that has not stays what only this protocol understands. Where the back end itself does the searching, all of
 * them would be out of reach elsewhere, so all are ordinary.
 *
 * @see https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/tool-search-tool
 */
import type { JsonObject } from '../ir/extra.ts'
import type { Message } from '../ir/message.ts'
import type { Tool } from '../ir/tool.ts'
import { PROTOCOL } from './keep.ts'

/** @param wire the tools as they stand in the request, in the order of `tools`. */
export function hideDeferred(
  tools: readonly Tool[],
  wire: readonly unknown[],
  messages: readonly Message[],
): readonly Tool[] {
  if (tools.some((tool) => tool.type === 'hosted' && /^tool_search/.test(String(tool.value['type'])))) return tools
  let found: ReadonlySet<unknown> | undefined
  return tools.map((tool, index) => {
    // What could be decoded as a tool is an object.
    const value = wire[index] as JsonObject
    if (tool.type !== 'function' || value['defer_loading'] !== true) return tool
    found ??= findReferences(messages)
    return found.has(tool.name) ? tool : { type: 'hosted', protocol: PROTOCOL, name: tool.name, value }
  })
}

/** Names of the tools that results of the conversation point to. */
function findReferences(messages: readonly Message[]): ReadonlySet<unknown> {
  const names = new Set<unknown>()
  for (const message of messages) {
    for (const part of message.parts) {
      if (part.type !== 'tool-result') continue
      for (const content of part.content) {
        if (content.type !== 'opaque' || content.protocol !== PROTOCOL) continue
        // Carried verbatim from an object of the wire.
        const block = content.value as JsonObject
        if (block['type'] === 'tool_reference') names.add(block['tool_name'])
      }
    }
  }
  return names
}
