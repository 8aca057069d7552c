/** The hub alone on a free port, with servers of the test's own behind it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { judgeRequest } from '../../../src/access/guard.ts'
import { locate } from '../../../src/http/path.ts'
import { createHub, type Hub, type HubOptions, locateEndpoint } from '../../../src/mcp/hub.ts'
import type { UpstreamServers } from '../../../src/mcp/upstream/connection.ts'
import type { Closing } from '../close-all.ts'

export interface TestHub {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly hub: Hub
  readonly warnings: { readonly fields: any; readonly message: string }[]
  /** Keys that are not accepted any more. */
  readonly revoked: Set<string>
}

/** Whoever sends `authorization` is known by it. */
export async function startHub(
  closing: Closing,
  servers: UpstreamServers,
  options: Partial<HubOptions> = {},
): Promise<TestHub> {
  const warnings: { fields: any; message: string }[] = []
  const revoked = new Set<string>()
  const hub = createHub({
    servers,
    version: '0.0.0-test',
    instanceId: 'test-instance',
    warn: (fields, message) => warnings.push({ fields, message }),
    report: (error) => warnings.push({ fields: { error: String(error) }, message: 'fault' }),
    ...options,
  })
  const policy = {
    boundHost: '127.0.0.1',
    allowedHosts: [],
    allowedOrigins: ['https://app.example'],
    asksForKey: false,
    isMcp: true,
  }
  const server = createServer((request, response) => {
    const { method = 'GET', rawHeaders } = request
    const located = locate(request.url ?? '/')
    const endpoint = 'problem' in located ? undefined : locateEndpoint(located)
    if (judgeRequest({ method, rawHeaders, remoteAddress: undefined }, policy) !== undefined)
      response.writeHead(403).end()
    else if ('problem' in located || endpoint === undefined) response.writeHead(404).end()
    else {
      const keyId = request.headers.authorization ?? ''
      void hub.serve({
        request,
        response,
        endpoint: endpoint.endpoint,
        scope: { group: located.group, server: endpoint.server },
        caller: { keyId, isLive: () => !revoked.has(keyId) },
        prefix: located.prefix,
        query: located.query,
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.add(server, () => {
    hub.close()
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, hub, warnings, revoked }
}
