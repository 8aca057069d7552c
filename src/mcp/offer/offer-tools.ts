/** The tools of a group in the form in which models are offered tools, and their answers in the form in which models are given them. */
import type { ToolResultContent } from '../../../protocols/ir/part.ts'
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import type { ToolCall, ToolRunner } from '../tool-runner.ts'
import { readToolResult } from './read-tool-result.ts'

export interface OfferedTool {
  /** As the group shows it (M64). */
  readonly name: string
  readonly description?: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject
}

export interface OfferedResult {
  readonly content: readonly ToolResultContent[]
  readonly isError: boolean
}

export interface ToolOffer {
  /** From the cached catalogues; starts nothing. Empty for a group that shows none. */
  list(group: string): readonly OfferedTool[]
  /** What goes wrong is told as a result, so that the model can go on (M63). */
  call(call: Omit<ToolCall, 'signal'>, signal: AbortSignal): Promise<OfferedResult>
}

export function createToolOffer(runner: ToolRunner): ToolOffer {
  return {
    list: (group) => runner.listGroupTools(group).flatMap(readTool),
    async call(call, signal) {
      const result = await runner.callTool({ ...call, signal })
      return { content: readToolResult(result), isError: result['isError'] === true }
    },
  }
}

function readTool(tool: JsonObject): readonly OfferedTool[] {
  const { name, description, inputSchema } = tool
  if (typeof name !== 'string') return []
  return [
    {
      name,
      ...(typeof description === 'string' ? { description } : {}),
      parameters: isObject(inputSchema) ? inputSchema : { type: 'object' },
    },
  ]
}
