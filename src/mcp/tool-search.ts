/** Two tools instead of hundreds: a model looks for what it needs, and calls what it has found (M110). */
import type { JsonObject, JsonRpcRequest } from './json-rpc.ts'
import { isObject } from './message-kind.ts'
import { RPC, RpcFailure } from './rpc-failure.ts'
import type { GroupView } from './upstream/connection.ts'

const FIND = 'find_tools'
const CALL = 'call_tool'

const DEFAULT_FOUND = 8
const MAX_FOUND = 25

/** What a group that is searched lists. */
export const SEARCH_TOOLS: readonly JsonObject[] = [
  {
    name: FIND,
    description: `Looks for tools by what they do. Gives their names, descriptions and input schemas; ${CALL} calls them.`,
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'A few words on what is to be done.' },
        limit: { type: 'integer', minimum: 1, maximum: MAX_FOUND, default: DEFAULT_FOUND },
      },
      required: ['query'],
    },
    annotations: { readOnlyHint: true },
  },
  {
    name: CALL,
    description: `Calls a tool that ${FIND} has found.`,
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: { type: 'object', description: 'As its input schema says.' } },
      required: ['name'],
    },
  },
]

/**
 * @returns what the hub answers at once, or the request that is meant; any other request is meant as it is.
 * @throws RpcFailure `-32602`
 */
export function readSearch(
  { searched }: GroupView,
  request: JsonRpcRequest,
): { readonly result: JsonObject } | { readonly request: JsonRpcRequest } {
  const { method, params = {} } = request
  if (searched === undefined || method !== 'tools/call') return { request }
  const given = isObject(params['arguments']) ? params['arguments'] : {}
  if (params['name'] === FIND) return { result: findTools(searched, given) }
  if (params['name'] !== CALL) return { request }
  const { name, arguments: own = {} } = given
  if (typeof name !== 'string') throw new RpcFailure(RPC.invalidParams, `${CALL} needs the name of a tool.`)
  return { request: { ...request, params: { ...params, name, arguments: own } } }
}

function findTools(tools: readonly JsonObject[], { query, limit }: JsonObject): JsonObject {
  if (typeof query !== 'string') throw new RpcFailure(RPC.invalidParams, `${FIND} needs a query.`)
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]
  const count = typeof limit === 'number' ? Math.min(MAX_FOUND, Math.max(1, Math.trunc(limit))) : DEFAULT_FOUND
  const found = tools
    .map((tool) => ({ tool, score: scoreOf(tool, words) }))
    .filter(({ score }) => score > 0 || words.length === 0)
    // Equal ones stay in the order of the list.
    .sort((one, other) => other.score - one.score)
  const told = found.slice(0, count).map(({ tool: { name, description, inputSchema } }) => ({
    name,
    ...(description === undefined ? {} : { description }),
    ...(inputSchema === undefined ? {} : { inputSchema }),
  }))
  const structuredContent = { tools: told, found: found.length }
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
}

/** A word in the name says more than one in the description. */
function scoreOf({ name, title, description }: JsonObject, words: readonly string[]): number {
  const named = String(name).toLowerCase()
  const described = [title, description]
    .filter((text) => typeof text === 'string')
    .join(' ')
    .toLowerCase()
  return words.reduce((sum, word) => sum + (named.includes(word) ? 3 : 0) + (described.includes(word) ? 1 : 0), 0)
}
