import type { JsonObject } from './extra.ts'
import { wrapText } from './freeform.ts'
import type { ReportLoss } from './loss.ts'
import { parseObject } from './parse-object.ts'
import type { ToolCallPart } from './part.ts'

/** The object that a call's arguments are, for a wire that has them as one; text that is none is kept under a name of its own. */
export function readCallInput(part: ToolCallPart, path: string, report: ReportLoss): JsonObject {
  if (part.freeform === true) return wrapText(part.arguments)
  if (part.arguments.trim() === '') return {}
  const value = parseObject(part.arguments)
  if (value !== undefined) return value
  report(`${path}.arguments`, 'these arguments are no JSON object; they are sent as its one member `_raw`', 'changed')
  return { _raw: part.arguments }
}
