/** How much the model thinks, and the form of its answer: `thinking`, `output_config` and the older `output_format`. */
import { expectInteger, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ReasoningSettings, ResponseFormat } from '../ir/request.ts'
import type { Inner } from './keep.ts'
import type { MessagesRequest, Thinking } from './wire.ts'

const MODES: ReadonlyMap<unknown, ReasoningSettings['mode']> = new Map([
  ['enabled', 'on'],
  ['disabled', 'off'],
  ['adaptive', 'adaptive'],
])

export interface ReadReasoning {
  readonly reasoning?: ReasoningSettings
  readonly inner: readonly Inner[]
}

/** `thinking` is an object, or a bare `true` or `false` (X20). */
export function decodeReasoning(fields: JsonObject): ReadReasoning {
  const effort = readEffort(fields)
  const said = effort === undefined ? {} : { effort }
  if (typeof fields.thinking === 'boolean')
    return { reasoning: { mode: fields.thinking ? 'on' : 'off', ...said }, inner: [] }
  const thinking = optional(fields.thinking, 'thinking', expectObject)
  if (thinking === undefined) return { ...(effort === undefined ? {} : { reasoning: said }), inner: [] }

  const mode = MODES.get(expectString(thinking.type, 'thinking.type'))
  const budgetTokens =
    mode === 'on' ? optional(thinking.budget_tokens, 'thinking.budget_tokens', expectInteger) : undefined
  const display = optional(thinking.display, 'thinking.display', expectString)
  const known = ['display', ...(mode === undefined ? [] : ['type']), ...(mode === 'on' ? ['budget_tokens'] : [])]
  return {
    // A kind of tomorrow is some thinking; its own word is kept.
    reasoning: {
      mode: mode ?? 'adaptive',
      ...said,
      ...(budgetTokens === undefined ? {} : { budgetTokens }),
      ...(display === undefined ? {} : { display }),
    },
    inner: [{ name: 'thinking', fields: thinking, known: new Set(known) }],
  }
}

function readEffort(fields: JsonObject): string | undefined {
  const config = optional(fields.output_config, 'output_config', expectObject)
  return optional(config?.effort, 'output_config.effort', expectString)
}

export interface ReadFormat {
  readonly responseFormat?: ResponseFormat
  readonly inner: readonly Inner[]
  readonly words: readonly string[]
}

export function decodeResponseFormat(fields: JsonObject): ReadFormat {
  const config = optional(fields.output_config, 'output_config', expectObject)
  const told = readSchema(config?.format, 'output_config.format')
  const older = readSchema(fields.output_format, 'output_format')
  const isOlder = fields.output_format !== undefined && fields.output_format !== null
  if (isOlder && older === undefined) refuse('output_format.type', 'expected json_schema')
  const responseFormat = told ?? older
  const isFormatKnown = told !== undefined || config?.format === null
  const known = ['effort', ...(isFormatKnown ? ['format'] : [])]
  return {
    ...(responseFormat === undefined ? {} : { responseFormat }),
    inner: config === undefined ? [] : [{ name: 'output_config', fields: config, known: new Set(known) }],
    words: [
      ...(config === undefined ? [] : ['output_config']),
      ...(told === undefined && older !== undefined ? ['output_format'] : []),
    ],
  }
}

function readSchema(value: unknown, path: string): ResponseFormat | undefined {
  const format = optional(value, path, expectObject)
  if (format === undefined || expectString(format.type, `${path}.type`) !== 'json_schema') return undefined
  return { type: 'json-schema', schema: expectObject(format.schema, `${path}.schema`) }
}

/**
 * Tokens of thinking for an effort, where the model knows no efforts of its own: powers of two from the least that the
 * API takes to half of what its largest models write.
 */
const BUDGETS: ReadonlyMap<string, number> = new Map([
  ['minimal', 1024],
  ['low', 2048],
  ['medium', 8192],
  ['high', 16_384],
  ['xhigh', 32_768],
  ['max', 65_536],
])
const USUAL_BUDGET = 8192
/** @see https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
const LEAST_BUDGET = 1024

/** Efforts from little to much, to find the nearest that a model knows. */
const EFFORTS: readonly string[] = ['none', ...BUDGETS.keys()]

const THINKING: Record<NonNullable<ReasoningSettings['mode']>, Thinking['type']> = {
  on: 'enabled',
  off: 'disabled',
  adaptive: 'adaptive',
}

export interface ThinkingContext {
  /** The request came from a client of this protocol, which knows what its model takes. */
  readonly own: boolean
  readonly facts: ModelFacts
  /** The client itself named `max_tokens`. */
  readonly limitStated: boolean
  readonly report: ReportLoss
}

/** Writes `thinking`, the effort, and what they ask of `max_tokens`, which must be there already. */
export function writeReasoning(reasoning: ReasoningSettings, body: MessagesRequest, context: ThinkingContext): void {
  const { own, facts, report } = context
  const effort = reasoning.effort
  const mode = chooseMode(reasoning, context)
  if (facts.capabilities?.reasoning === false && mode !== 'off') {
    report('settings.reasoning', 'this model does not think before it answers')
    return
  }
  const isEffortKnown = own || facts.efforts !== undefined
  if (effort !== undefined && isEffortKnown && (effort !== 'none' || facts.efforts?.includes(effort))) {
    const nearest = nearestEffort(effort, facts.efforts)
    if (nearest !== effort) report('settings.reasoning.effort', `${effort} is sent as ${nearest}`, 'changed')
    body.output_config = { ...body.output_config, effort: nearest }
  }
  if (mode === undefined) {
    if (!own && reasoning.display !== undefined && reasoning.effort === undefined)
      report('settings.reasoning.display', 'this API shows thoughts only where they are asked for')
    return
  }
  const thinking: Thinking = { type: THINKING[mode] }
  if (mode === 'on') {
    const budget = fitBudget(reasoning, body, context)
    if (budget === undefined) return
    thinking.budget_tokens = budget
  }
  if (reasoning.display !== undefined && mode !== 'off') {
    thinking.display = own ? reasoning.display : ownDisplay(reasoning.display)
  }
  body.thinking = thinking
}

function chooseMode(reasoning: ReasoningSettings, { own, facts }: ThinkingContext): ReasoningSettings['mode'] {
  if (reasoning.mode !== undefined) return reasoning.mode
  if (reasoning.budgetTokens !== undefined) return reasoning.budgetTokens === 0 ? 'off' : 'on'
  if (reasoning.effort === 'none') return 'off'
  // An effort alone is a budget to models that know no efforts.
  return reasoning.effort === undefined || own || facts.efforts !== undefined ? undefined : 'on'
}

const OWN_DISPLAYS: ReadonlySet<string> = new Set(['summarized', 'omitted', 'updates'])

function ownDisplay(display: string): string {
  return OWN_DISPLAYS.has(display) ? display : 'summarized'
}

/** The nearest effort that the model knows; of two equally near the smaller (trap 96). */
function nearestEffort(effort: string, known: readonly string[] | undefined): string {
  if (known === undefined || known.length === 0 || known.includes(effort)) return effort
  const wanted = rankEffort(effort)
  return known.reduce((best, one) =>
    Math.abs(rankEffort(one) - wanted) < Math.abs(rankEffort(best) - wanted) ? one : best,
  )
}

function rankEffort(effort: string): number {
  const rank = EFFORTS.indexOf(effort)
  return rank < 0 ? EFFORTS.indexOf('medium') : rank
}

/**
 * A budget that is less than `max_tokens`, which is raised for it where nobody named it (trap 97).
 * Where the client named both, one token is left for the answer as it wished; else the usual limit, or half of it.
 */
function fitBudget(reasoning: ReasoningSettings, body: MessagesRequest, context: ThinkingContext): number | undefined {
  const { facts, limitStated, report } = context
  const path = 'settings.reasoning.budgetTokens'
  const stated = reasoning.budgetTokens
  const wanted = stated ?? BUDGETS.get(reasoning.effort ?? '') ?? USUAL_BUDGET
  const isEffortTold = body.output_config?.['effort'] !== undefined
  const budget = Math.max(wanted, LEAST_BUDGET)
  if (budget > wanted) report(path, `raised to ${LEAST_BUDGET}, the least that the API takes`, 'changed')

  const usual = body.max_tokens ?? Number.POSITIVE_INFINITY
  const limit = limitStated ? usual : Math.min(facts.maxOutputTokens ?? Number.POSITIVE_INFINITY, budget + usual)
  if (body.max_tokens !== undefined) body.max_tokens = limit
  const half = Math.ceil(limit / 2)
  const reserved = !limitStated ? Math.min(usual, half) : stated === undefined ? half : 1
  const room = limit === Number.POSITIVE_INFINITY ? limit : limit - reserved
  if (budget <= room) {
    if (reasoning.effort !== undefined && !isEffortTold && stated === undefined)
      report('settings.reasoning', `${reasoning.effort} is sent as a budget of ${budget} tokens`, 'changed')
    return budget
  }
  if (room < LEAST_BUDGET) {
    report('settings.reasoning', `a limit of ${limit} tokens leaves no room for thinking`)
    return undefined
  }
  report(path, `lowered to ${room} to stay below the limit of ${limit} tokens`, 'changed')
  return room
}

/** Leaves out the sampling settings that the API refuses beside thinking (trap 97). */
export function dropSamplingBesideThinking(body: MessagesRequest, report: ReportLoss): void {
  if (body.thinking === undefined || body.thinking.type === 'disabled') return
  const reason = 'the API does not take it while the model thinks'
  if (body.temperature !== undefined && body.temperature !== 1) {
    delete body.temperature
    report('settings.temperature', reason)
  }
  if (body.top_p !== undefined && body.top_p < 0.95) {
    delete body.top_p
    report('settings.topP', reason)
  }
  if (body.top_k !== undefined) {
    delete body.top_k
    report('settings.topK', reason)
  }
}
