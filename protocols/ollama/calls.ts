/** Calls of tools: arguments are an object on the wire, JSON text in the interlingua. */
import { expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { wrapText } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import { parseObject } from '../ir/parse-object.ts'
import type { ToolCallPart } from '../ir/part.ts'
import { createRest, giveBack, isOwn, isSpelled } from './rest.ts'
import type { CalledFunction, ToolCall } from './wire.ts'

const MEMBERS = new Set(['id', 'function'])
const FUNCTION_MEMBERS = new Set(['name', 'arguments'])
/** Most clients and older servers give calls no id (Q77). */
const WITHOUT_ID = 'without-id'
const WITHOUT_ARGUMENTS = 'without-arguments'

/**
 * @param madeId stands in for an id that the call does not have.
 * @throws ApiFailure `bad-request` naming the member.
 */
export function decodeCall(value: unknown, path: string, madeId: string): ToolCallPart {
  const fields = expectObject(value, path)
  const called = expectObject(fields.function, `${path}.function`)
  const rest = createRest()
  const id = optional(fields.id, `${path}.id`, expectString) ?? ''
  if (id === '') rest.spell(WITHOUT_ID)
  if (called.arguments === undefined || called.arguments === null) rest.spell(WITHOUT_ARGUMENTS)
  rest.take(fields, MEMBERS)
  rest.take(called, FUNCTION_MEMBERS, 'function.')
  return {
    type: 'tool-call',
    id: id === '' ? madeId : id,
    name: expectString(called.name, `${path}.function.name`),
    arguments: readArguments(called.arguments, `${path}.function.arguments`),
    ...rest.kept(),
  }
}

/** An object, or the text of one, as other APIs have it (trap 45). */
function readArguments(value: unknown, path: string): string {
  if (value === undefined || value === null) return '{}'
  if (typeof value !== 'string') return JSON.stringify(expectObject(value, path))
  if (value.trim() === '') return '{}'
  return parseObject(value) === undefined ? refuse(path, 'expected an object, got a text that is none') : value
}

/** Never changes `call`. */
export function encodeCall(call: ToolCallPart, path: string, report: ReportLoss): ToolCall {
  if (call.signature !== undefined) report(`${path}.signature`, 'Ollama has no signatures on calls')
  const args = encodeArguments(call, path, report)
  const called: CalledFunction = { name: call.name }
  if (!isSpelled(call, WITHOUT_ARGUMENTS) || call.arguments !== '{}') called.arguments = args
  const wire: ToolCall = { ...(hasOwnId(call) ? { id: call.id } : {}), function: called }
  giveBack(wire, call, path, report)
  return wire
}

/** Whether the id is the call's own and not made up here. */
function hasOwnId(call: ToolCallPart): boolean {
  return !isOwn(call) || !isSpelled(call, WITHOUT_ID)
}

function encodeArguments(call: ToolCallPart, path: string, report: ReportLoss): JsonObject {
  if (call.freeform === true) return wrapText(call.arguments)
  const parsed = parseObject(call.arguments.trim() === '' ? '{}' : call.arguments)
  if (parsed !== undefined) return parsed
  report(`${path}.arguments`, 'told as the member "input" of an object, as arguments must be one', 'changed')
  return { input: call.arguments }
}
