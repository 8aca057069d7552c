/** An MCP server as it is configured, and as its row holds it. */
import type { ConfiguredMcpServer } from '../config/mcp-notation.ts'
import type { McpServerRow, McpServerValues } from '../store/mcp-servers.ts'

/** @param owner whose word it is. */
export function mcpServerValues(server: ConfiguredMcpServer, owner: McpServerValues['owner']): McpServerValues {
  const { name, enabled, ...definition } = server
  return { name, definition, enabled, owner }
}

export function configuredMcpServer({ name, enabled, definition }: McpServerRow): ConfiguredMcpServer {
  // Written by `mcpServerValues` only.
  return { ...(definition as Omit<ConfiguredMcpServer, 'name' | 'enabled'>), name, enabled }
}
