/** `toolConfig`: whether the model must call something, and what it may call. */
import { expectList, expectObject, expectString, optional } from '../ir/expect.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { Tool, ToolChoice } from '../ir/tool.ts'
import { isOwn, isSpelled, type Keeper, spelledAfter } from './keep.ts'
import type { FunctionCallingConfig } from './wire.ts'

const CONFIG = new Set(['functionCallingConfig'])
const CALLING = new Set(['mode', 'allowedFunctionNames'])
const AT = 'toolConfig.'
const CALLING_AT = `${AT}functionCallingConfig.`

/** A mode of tomorrow is carried verbatim. */
const UNFORCED: ReadonlySet<string> = new Set(['AUTO', 'VALIDATED'])

export function decodeToolConfig(value: unknown, path: string, keeper: Keeper): ToolChoice | undefined {
  const config = keeper.read(expectObject(value, path), CONFIG, AT)
  const calling = optional(config.functionCallingConfig, `${AT}functionCallingConfig`, expectObject)
  if (calling === undefined) return undefined
  const fields = keeper.read(calling, CALLING, CALLING_AT)
  const given = optional(fields.mode, `${CALLING_AT}mode`, expectString)
  const mode = given === undefined ? undefined : keeper.readWord(given, `${CALLING_AT}mode`)
  const names = optional(fields.allowedFunctionNames, `${CALLING_AT}allowedFunctionNames`, expectList(expectString))
  const choice = readChoice(mode, names ?? [])
  // What the choice does not say by itself: a mode near to `AUTO`, names that it does not use, an empty list.
  if (choice === undefined && given !== undefined) keeper.keep(`${CALLING_AT}mode`, given)
  if (mode !== undefined && UNFORCED.has(mode)) keeper.spell(`mode:${mode}`)
  if (names !== undefined && (names.length === 0 || choice === undefined || choice.type === 'none')) {
    if (names.length === 0 && choice !== undefined) keeper.spell('names:none')
    else keeper.keep(`${CALLING_AT}allowedFunctionNames`, names)
  }
  return choice
}

function readChoice(mode: string | undefined, names: readonly string[]): ToolChoice | undefined {
  if (mode === 'NONE') return { type: 'none' }
  const [only] = names
  if (mode === 'ANY') {
    if (only === undefined) return { type: 'required' }
    return names.length === 1 ? { type: 'tool', name: only } : { type: 'allowed', mode: 'required', names }
  }
  if (mode === undefined || !UNFORCED.has(mode)) return undefined
  return only === undefined ? { type: 'auto' } : { type: 'allowed', mode: 'auto', names }
}

/** @returns nothing where there is nothing to choose (trap 117). */
export function encodeChoice(request: ChatRequest, report: ReportLoss): FunctionCallingConfig | undefined {
  const { toolChoice: choice, tools = [] } = request
  if (choice === undefined) return undefined
  if (!isOwn(request) && !checkChoice(choice, tools, report)) return undefined
  const config = writeChoice(choice, spelledAfter(request, 'mode:'))
  return isSpelled(request, 'names:none') && config.allowedFunctionNames === undefined
    ? { ...config, allowedFunctionNames: [] }
    : config
}

function checkChoice(choice: ToolChoice, tools: readonly Tool[], report: ReportLoss): boolean {
  const functions = tools.filter((tool) => tool.type !== 'hosted')
  if (functions.length === 0) {
    if (choice.type !== 'auto' && choice.type !== 'none') report('toolChoice', 'there is no tool to choose')
    return false
  }
  if (choice.type === 'tool' && !functions.some((tool) => tool.name === choice.name)) {
    report('toolChoice', `the tool ${choice.name} is not there`)
    return false
  }
  return true
}

function writeChoice(choice: ToolChoice, mode: string | undefined): FunctionCallingConfig {
  switch (choice.type) {
    case 'auto':
      return { mode: mode ?? 'AUTO' }
    case 'none':
      return { mode: 'NONE' }
    case 'required':
      return { mode: 'ANY' }
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] }
    case 'allowed':
      // Only beside these two modes does the API take names.
      return {
        mode: choice.mode === 'required' ? 'ANY' : (mode ?? 'VALIDATED'),
        allowedFunctionNames: [...choice.names],
      }
  }
}
