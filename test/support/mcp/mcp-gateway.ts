/** A whole gateway with MCP servers behind it, whose lists are known. */
import type { AppOptions } from '../../../src/app/app-options.ts'
import type { Closing } from '../close-all.ts'
import { startGateway, type TestGateway } from '../gateway.ts'
import { modern } from './wire.ts'

/** @param config `mcpServers` and what else the file would say. */
export async function startMcpGateway(
  closing: Closing,
  config: { readonly mcpServers: object; readonly [more: string]: unknown },
  headers: Record<string, string> = {},
  options: Partial<AppOptions> = {},
): Promise<TestGateway> {
  const gateway = await startGateway(closing, config, options)
  for (;;) {
    const order = modern('tools/list')
    const answer = await fetch(`${gateway.url}/mcp`, {
      method: 'POST',
      headers: {
        ...order.headers,
        ...headers,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(order.body),
    })
    const { result }: any = await answer.json()
    if (result?.tools.length > 0) return gateway
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
