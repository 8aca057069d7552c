/** The tools of a group for a caller that is no MCP client: the gateway itself, which offers them to chat models (M117). */
import { createHash } from 'node:crypto'
import type { JsonObject } from './json-rpc.ts'
import { isRequest } from './message-kind.ts'
import { MODERN_VERSION } from './revisions.ts'
import { RPC, RpcFailure } from './rpc-failure.ts'
import { readSearch } from './tool-search.ts'
import type { Connection, ConnectionListener, GroupView, UpstreamServers } from './upstream/connection.ts'
import { modernMeta } from './upstream/handshake.ts'
import { UpstreamError } from './upstream/upstream-error.ts'
import { UpstreamRefusal } from './upstream/upstream-refusal.ts'

export interface ToolCall {
  /** Absent: the default group. */
  readonly group: string | undefined
  /** As `listGroupTools` has named it; tolerant (M66). */
  readonly name: string
  readonly arguments: JsonObject
  /** Whose call it is: connections to servers with sessions are shared by equal ones only, and kept for the next call. */
  readonly owner: string
  readonly signal: AbortSignal
}

export interface ToolRunner {
  /**
   * Each as `tools/list` has it; of servers that were never asked none, but they are asked then. Empty where there is no such group. The
   * same list is given until something below it changes.
   */
  listGroupTools(group: string | undefined): readonly JsonObject[]
  /**
   * Runs one tool. Whatever goes wrong is a result with `isError` and words for the model (M63).
   *
   * @returns the result as the server sent it: `content`, `structuredContent`, `isError`.
   * @throws the signal's reason when the call was cancelled.
   */
  callTool(call: ToolCall): Promise<JsonObject>
}

export interface ToolRunnerOptions {
  readonly servers: UpstreamServers
  readonly version: string
  readonly instanceId: string
}

const NONE: readonly JsonObject[] = []

/** Nobody could answer a server: neither sampling nor elicitation is declared, so that it does not ask. */
const CAPABILITIES: JsonObject = {}

export function createToolRunner({ servers, version, instanceId }: ToolRunnerOptions): ToolRunner {
  const clientInfo = { name: 'interlingua', version }
  const meta = modernMeta({ clientInfo, clientCapabilities: CAPABILITIES, instanceId })

  const views = new Map<string | undefined, GroupView>()
  servers.onChange(() => views.clear())

  function viewOf(group: string | undefined): GroupView | undefined {
    const rules = servers.rulesOf(group)
    if (rules === undefined) return undefined
    // Every server is looked up, joined already or not: those whose lists are old or were never had are then asked (M33, M77).
    for (const server of rules.servers) servers.catalogueOf(server)
    const view = views.get(group) ?? servers.view(rules, servers.catalogueOf)
    views.set(group, view)
    return view
  }

  async function open(server: string, { owner, group, signal }: ToolCall): Promise<Connection> {
    // No session of a client can have this name.
    const key = `tools ${createHash('sha256')
      .update(JSON.stringify([owner, group]))
      .digest('hex')}`
    const listener: ConnectionListener = {
      message(message) {
        if (!isRequest(message)) return
        const error = { code: RPC.methodNotFound, message: 'Nobody is there to be asked' }
        connection.send({ jsonrpc: '2.0', id: message.id, error })
      },
      failed() {},
      closed() {},
    }
    const common = { clientCapabilities: CAPABILITIES, clientInfo, owner: key, listener, signal }
    const connection = await servers.open(server, { era: 'modern', protocolVersion: MODERN_VERSION, ...common })
    return connection
  }

  return {
    listGroupTools: (group) => viewOf(group)?.lists.tools ?? NONE,
    async callTool(call) {
      const view = viewOf(call.group)
      const asked = {
        jsonrpc: '2.0',
        id: 0,
        method: 'tools/call',
        params: { name: call.name, arguments: call.arguments },
      } as const
      let params: JsonObject = asked.params
      try {
        const meant = view === undefined ? { request: asked } : readSearch(view, asked)
        if ('result' in meant) return meant.result
        params = meant.request.params ?? {}
      } catch (error) {
        if (error instanceof RpcFailure) return fail(error.message)
        throw error
      }
      const found = view?.findTool(String(params['name'])) ?? { near: [] }
      if ('near' in found) {
        const hint = found.near.length === 0 ? '' : ` Did you mean ${found.near.join(', ')}?`
        return fail(`There is no tool ${params['name']}.${hint}`)
      }
      try {
        const connection = await open(found.server, call)
        try {
          const { facts } = connection
          const named = { name: found.name, arguments: params['arguments'] }
          const own = facts.era === 'modern' ? { ...named, _meta: meta } : named
          return judge(found.server, await connection.ask('tools/call', own, call.signal))
        } finally {
          connection.close()
        }
      } catch (error) {
        call.signal.throwIfAborted()
        if (error instanceof UpstreamError || error instanceof UpstreamRefusal) return fail(error.message)
        throw error
      }
    },
  }
}

/** A server that wants to ask the user something cannot be answered here. */
function judge(server: string, result: JsonObject): JsonObject {
  if (result['resultType'] !== 'input_required') return result
  return fail(`The MCP server ${server} wants to ask its user something, and nobody is there to be asked.`)
}

function fail(text: string): JsonObject {
  return { content: [{ type: 'text', text }], isError: true }
}
