/** `/admin/mcp/servers`: the servers behind the MCP hub, and how they are. */
import { type Request, Router } from 'express'
import { configuredMcpServer, mcpServerValues } from '../registry/mcp-servers.ts'
import type { McpServerRow } from '../store/mcp-servers.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import { isFromThisMachine } from './from-this-machine.ts'
import { describeMcpServer, readMcpServerBody } from './mcp-server-body.ts'
import { bodyReader, parseBody, takeBytes } from './read-body.ts'

/** What the hub lets be seen and done of the servers that run; those that are disabled do not. */
export interface McpManagement {
  status(name: string): object | undefined
  stderr(name: string): string | undefined
  restart(name: string): Promise<void>
  accept(name: string, tools: readonly string[] | undefined): readonly string[]
}

const readToggle = bodyReader<{ readonly enabled?: boolean }>({
  type: 'object',
  properties: { enabled: { type: 'boolean' } },
})
const readTools = bodyReader<{ readonly tools?: readonly string[] }>({
  type: 'object',
  properties: { tools: { type: 'array', items: { type: 'string' } } },
})

const PLACE = '/admin/mcp/servers'
const ONE = `${PLACE}/:name`

export function createMcpServers(store: Store, mcp: McpManagement): Router {
  const router = Router()
  const describe = (row: McpServerRow): object => ({
    ...describeMcpServer(configuredMcpServer(row)),
    owner: row.owner,
    status: mcp.status(row.name) ?? { state: 'disabled' },
  })

  router.get(PLACE, (_request, response) => {
    response.json(store.mcpServers.list().map(describe))
  })
  router.get(ONE, (request, response) => {
    response.json(describe(find(store, request.params.name)))
  })
  router.put(ONE, takeBytes, (request, response) => {
    const row = store.mcpServers.find(request.params.name)
    const before = row === undefined ? undefined : configuredMcpServer(row)
    const server = readMcpServerBody(row?.name ?? request.params.name, parseBody(request), before)
    // No list of harmless commands is one: npx, node and docker run anything (M103).
    if (server.transport.type === 'stdio' && !isFromThisMachine(request)) {
      throw new AdminFailure(
        400,
        'A server with a command can be named from this machine or in the config file only.',
        {
          field: 'command',
          issue: 'cannot be given from another machine',
        },
      )
    }
    const created = store.mcpServers.save(mcpServerValues(server, 'admin'))
    response.status(created ? 201 : 200).json(describe(find(store, server.name)))
  })
  router.delete(ONE, (request, response) => {
    const { name } = find(store, request.params.name)
    store.mcpServers.delete(name)
    response.json({ name, deleted: true })
  })
  router.post(`${ONE}/toggle`, takeBytes, (request, response) => {
    const row = find(store, request.params.name)
    const { enabled = !row.enabled } = readToggle(parseOptional(request))
    store.mcpServers.save({ ...row, enabled })
    response.json(describe(find(store, row.name)))
  })
  router.get(`${ONE}/status`, (request, response) => {
    const { name } = find(store, request.params.name)
    response.json(mcp.status(name) ?? { state: 'disabled' })
  })
  router.get(`${ONE}/stderr`, (request, response) => {
    const { name } = find(store, request.params.name)
    response.type('text/plain').send(mcp.stderr(name) ?? '')
  })
  router.post(`${ONE}/restart`, async (request, response) => {
    const { name } = find(store, request.params.name)
    await mcp.restart(name)
    response.json(mcp.status(name) ?? { state: 'disabled' })
  })
  router.post(`${ONE}/accept`, takeBytes, (request, response) => {
    const { name } = find(store, request.params.name)
    const { tools } = readTools(parseOptional(request))
    response.json({ name, accepted: mcp.accept(name, tools) })
  })
  return router
}

function find(store: Store, name: string): McpServerRow {
  const row = store.mcpServers.find(name)
  if (row === undefined) throw new AdminFailure(404, `There is no MCP server "${name}".`)
  return row
}

/** A body that says nothing may be left out. */
function parseOptional(request: Request): unknown {
  const bytes: unknown = request.body
  return Buffer.isBuffer(bytes) && bytes.length > 0 ? parseBody(request) : {}
}
