/** The tools of a group in the form in which models are offered tools, and their answers in the form in which models are given them. */
import type { ToolResultContent } from '../../../protocols/ir/part.ts'
import type { FunctionTool } from '../../../protocols/ir/tool.ts'
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import type { ToolCall, ToolRunner } from '../tool-runner.ts'
import { readToolResult } from './read-tool-result.ts'

export interface OfferedResult {
  readonly content: readonly ToolResultContent[]
  readonly isError: boolean
}

export interface ToolOffer {
  /**
   * Under the names that the group shows (M64), from the cached catalogues; empty for a group that shows none. The same list is given until
   * something below it changes.
   */
  list(group: string): readonly FunctionTool[]
  /** What goes wrong is told as a result, so that the model can go on (M63). */
  call(call: Omit<ToolCall, 'signal'>, signal: AbortSignal): Promise<OfferedResult>
}

export function createToolOffer(runner: ToolRunner): ToolOffer {
  // Every request of a group asks, and the group's list stays the same one until a catalogue or the group changes.
  const offered = new WeakMap<readonly JsonObject[], readonly FunctionTool[]>()
  return {
    list(group) {
      const listed = runner.listGroupTools(group)
      const known = offered.get(listed) ?? listed.flatMap(readTool)
      offered.set(listed, known)
      return known
    },
    async call(call, signal) {
      const result = await runner.callTool({ ...call, signal })
      return { content: readToolResult(result), isError: result['isError'] === true }
    },
  }
}

function readTool(tool: JsonObject): readonly FunctionTool[] {
  const { name, description, inputSchema } = tool
  if (typeof name !== 'string') return []
  return [
    {
      type: 'function',
      name,
      ...(typeof description === 'string' ? { description } : {}),
      parameters: isObject(inputSchema) ? inputSchema : { type: 'object' },
    },
  ]
}
