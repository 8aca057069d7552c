/** A store that knows the lists of many servers, none of which has ever been started by whoever opens it next. */
import { readMcpServer } from '../../../src/config/mcp-notation.ts'
import type { Catalogue } from '../../../src/mcp/upstream/connection.ts'
import { mcpServerValues } from '../../../src/registry/mcp-servers.ts'
import type { Store } from '../../../src/store/open-store.ts'

/** @param command of all of them. */
export function fillKnownServers(store: Store, count: number, toolsEach: number, command: string): void {
  for (let index = 1; index <= count; index += 1) {
    const name = `s${index}`
    store.mcpServers.save(mcpServerValues(readMcpServer(name, { command }), 'admin'))
    const row = store.mcpServers.find(name)
    if (row === undefined) throw new Error(`${name} was not kept`)
    const catalogue: Catalogue = {
      server: name,
      facts: { era: 'legacy', protocolVersion: '2025-11-25', capabilities: { tools: {} }, result: {} },
      tools: Array.from({ length: toolsEach }, (_, tool) => ({
        name: `tool_${tool}`,
        description: 'Does what its name says, and says at length how it is to be asked for it.'.repeat(4),
        inputSchema: { type: 'object', properties: { path: { type: 'string' }, depth: { type: 'integer' } } },
      })),
      prompts: [],
      resources: [],
      resourceTemplates: [],
    }
    store.mcpCatalogues.save({ serverId: row.id, fingerprint: row.fingerprint, catalogue, readAt: Date.now() })
  }
}
