import type { ConfiguredMcpServer, WrittenMcpServer } from './mcp-notation.ts'

/** `readMcpServer` reads it back. Variables and headers are written as they are: leave them out where people may see them. */
export function writeMcpServer(server: ConfiguredMcpServer): WrittenMcpServer {
  const { transport, enabled, shared, allowPrivate, timeoutMs, includeTools, excludeTools, changedTools } = server
  return {
    ...transport,
    ...(enabled ? {} : { enabled }),
    ...(shared ? { shared } : {}),
    ...(allowPrivate ? { allowPrivate } : {}),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(includeTools === undefined ? {} : { includeTools }),
    ...(excludeTools.length === 0 ? {} : { excludeTools }),
    ...(changedTools === 'warn' ? {} : { changedTools }),
  }
}
