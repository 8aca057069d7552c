/** Adds the tools that a group has the gateway run to a request. */
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { FunctionTool } from '../../protocols/ir/tool.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import type { Continuation } from './steps/continuation.ts'
import { runTools } from './steps/run-tools.ts'

type Offering = Pick<GatewayContext, 'serverTools' | 'hiddenCalls'>

/** @returns nothing where the group offers none, or there are none at all. */
export function findServerTools(exchange: Exchange, { serverTools }: Offering): readonly FunctionTool[] | undefined {
  const group = exchange.record.resolution?.group
  if (group?.policy.serverTools === undefined || serverTools === undefined) return undefined
  const tools = serverTools.list(group.name)
  return tools.length === 0 ? undefined : tools
}

/**
 * The request with these tools behind the client's own, whose names go before; and with what was run beside the client's own calls in
 * earlier turns.
 *
 * @returns nothing where the client wants no tool called.
 */
export function offerTools(
  request: ChatRequest,
  offered: readonly FunctionTool[],
  scope: string,
  exchange: Exchange,
  { serverTools, hiddenCalls }: Offering,
): { readonly request: ChatRequest; readonly continuation: Continuation } | undefined {
  const { record, caller } = exchange
  const group = record.resolution?.group
  const limits = group?.policy.serverTools
  if (request.toolChoice?.type === 'none' || serverTools === undefined || group === undefined || limits === undefined) {
    return undefined
  }
  const own = request.tools ?? []
  const taken = new Set(own.map((tool) => tool.name))
  const added = offered.filter((tool) => !taken.has(tool.name))
  const continuation = runTools({
    tools: serverTools,
    offered: new Set(added.map((tool) => tool.name)),
    group: group.name,
    owner: `chat\0${group.name}\0${caller.name}`,
    limits,
    now: () => performance.now(),
    onRun: () => {
      record.acted = true
    },
    onMixed: (parts, ran, results) => hiddenCalls.remember(scope, parts, ran, results),
  })
  const restored = hiddenCalls.restore(scope, request)
  return { request: { ...restored, tools: [...own, ...added] }, continuation }
}
