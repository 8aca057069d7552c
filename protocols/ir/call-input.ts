import type { JsonObject } from './extra.ts'
import { wrapText } from './freeform.ts'
import type { ReportLoss } from './loss.ts'
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

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // A list was excluded, so that its members are named.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}
