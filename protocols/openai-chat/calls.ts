/** Tool calls of an assistant message, both ways. */
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { wrapText } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { OpaquePart, ToolCallPart } from '../ir/part.ts'
import { makeCallId } from './call-id.ts'
import { createRest, giveBack, isSpelled, PROTOCOL } from './rest.ts'
import type { FunctionCall, ToolCall } from './wire.ts'

const MEMBERS = new Set(['id', 'type', 'function', 'custom'])
const FUNCTION_MEMBERS = new Set(['name', 'arguments'])
const CUSTOM_MEMBERS = new Set(['name', 'input'])

/** Spelled as the single `function_call` of the time before tools. */
const LEGACY = 'function_call'
/** A call without arguments had the empty string for them. */
const NO_ARGUMENTS = 'no-arguments'
const UNTYPED = 'untyped'

/** @param seed makes ids for calls that come without one (lesson 28); unique in its conversation. */
export function decodeCalls(value: unknown, path: string, seed: string): (ToolCallPart | OpaquePart)[] {
  return expectArray(value, path).map((call, index) => decodeCall(call, `${path}.${index}`, `${seed}:${index}`))
}

function decodeCall(value: unknown, path: string, seed: string): ToolCallPart | OpaquePart {
  const fields = expectObject(value, path)
  const rest = createRest()
  rest.take(fields, MEMBERS)
  const type = optional(fields.type, `${path}.type`, expectString)
  if (type === undefined) rest.spell(UNTYPED)
  const told = optional(fields.id, `${path}.id`, expectString)
  const id = told === undefined || told === '' ? makeCallId(seed) : told
  if (type === 'custom') {
    const custom = expectObject(fields.custom, `${path}.custom`)
    rest.take(custom, CUSTOM_MEMBERS, 'custom.')
    const name = expectString(custom.name, `${path}.custom.name`)
    const input = expectString(custom.input, `${path}.custom.input`)
    return { type: 'tool-call', id, name, arguments: input, freeform: true, ...rest.kept() }
  }
  if (type !== undefined && type !== 'function' && type !== '') {
    return { type: 'opaque', protocol: PROTOCOL, value: fields, ...spelledCall() }
  }
  const call = expectObject(fields.function, `${path}.function`)
  rest.take(call, FUNCTION_MEMBERS, 'function.')
  const name = expectString(call.name, `${path}.function.name`)
  const args = readArguments(call.arguments, `${path}.function.arguments`)
  if (args === '') rest.spell(NO_ARGUMENTS)
  return { type: 'tool-call', id, name, arguments: args === '' ? '{}' : args, ...rest.kept() }
}

/** The `function_call` of old; it has no id, so that one is made. */
export function decodeFunctionCall(call: JsonObject, path: string, seed: string): ToolCallPart {
  const rest = createRest()
  rest.spell(LEGACY)
  rest.take(call, FUNCTION_MEMBERS)
  const name = expectString(call.name, `${path}.name`)
  const args = readArguments(call.arguments, `${path}.arguments`)
  if (args === '') rest.spell(NO_ARGUMENTS)
  return { type: 'tool-call', id: makeCallId(seed), name, arguments: args === '' ? '{}' : args, ...rest.kept() }
}

/** Some send the object itself where its text is meant (trap 45); a text that is no JSON stays as the model wrote it (lesson 26). */
export function readArguments(value: unknown, path: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return JSON.stringify(expectObject(value, path))
}

/** Marks a call of a type that nobody knows, which goes back among the calls and not into the content. */
const CALL = 'call'

function spelledCall() {
  const rest = createRest()
  rest.spell(CALL)
  return rest.kept()
}

export function isOpaqueCall(part: OpaquePart): boolean {
  return isSpelled(part, CALL)
}

export function isLegacyCall(part: ToolCallPart): boolean {
  return isSpelled(part, LEGACY)
}

/**
 * The call with this id; `type` always told unless a client of this protocol left it out.
 *
 * @param isCustom its tool takes raw text, and whoever reads this knows such tools.
 */
export function encodeCall(
  part: ToolCallPart,
  id: string,
  isCustom: boolean,
  path: string,
  report: ReportLoss,
): ToolCall {
  const { name } = part
  const type = isSpelled(part, UNTYPED) ? {} : { type: isCustom ? 'custom' : 'function' }
  const wire = {
    id,
    ...type,
    ...(isCustom
      ? { custom: { name, input: part.arguments } }
      : { function: { name, arguments: writeArguments(part) } }),
  } as ToolCall
  giveBack(wire, part, path, report)
  return wire
}

export function encodeFunctionCall(part: ToolCallPart, path: string, report: ReportLoss): FunctionCall {
  const wire: FunctionCall = { name: part.name, arguments: writeArguments(part) }
  if (isLegacyCall(part)) giveBack(wire, part, path, report)
  return wire
}

function writeArguments(part: ToolCallPart): string {
  if (part.freeform === true) return JSON.stringify(wrapText(part.arguments))
  return part.arguments === '{}' && isSpelled(part, NO_ARGUMENTS) ? '' : part.arguments
}
