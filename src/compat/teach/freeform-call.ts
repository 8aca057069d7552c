/** Calls of tools that take one raw text, as calls with one parameter. */
import { wrapText } from '../../../protocols/ir/freeform.ts'
import type { ToolCallPart } from '../../../protocols/ir/part.ts'

/** JSON text of the arguments, whatever kind of tool was called. */
export function asJsonArguments(call: ToolCallPart): string {
  return call.freeform === true ? JSON.stringify(wrapText(call.arguments)) : call.arguments
}
