/** Everything that tunes an answer, written for a back end: one row per setting, carried or declared lost. */
import { defined } from '../ir/defined.ts'
import { effortOfBudget, nearestEffort } from '../ir/effort.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { FieldTable } from '../ir/field-table.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatSettings, ReasoningSettings, ResponseFormat } from '../ir/request.ts'
import type { Kept } from '../ir/rest.ts'
import { isStrictSchema } from '../json/strict-schema.ts'
import { isOwn, isSpelled, noted } from './rest.ts'
import {
  HAS_REASONING,
  HAS_TEXT,
  INCLUDE,
  INCLUDE_LOGPROBS,
  INCLUDE_PROOFS,
  SAFETY_IDENTIFIER,
} from './settings-decode.ts'
import type { ResponsesRequest } from './wire.ts'

export interface SettingsContext {
  readonly facts: ModelFacts
  /** The request, for how its client spelled things. */
  readonly request: Kept
  /** For what is left out; what is changed is returned. */
  readonly report: ReportLoss
}

/** Less is refused with 400. @see https://platform.openai.com/docs/api-reference/responses/create */
const LEAST_OUTPUT_TOKENS = 16

/** Tiers that the API has; other protocols have words of their own. */
const TIERS: readonly string[] = ['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']

export const SETTINGS: FieldTable<ChatSettings, ResponsesRequest, SettingsContext> = {
  maxOutputTokens: {
    write(limit, wire, { facts, request }) {
      const most = facts.maxOutputTokens ?? Number.POSITIVE_INFINITY
      const least = isOwn(request) ? limit : LEAST_OUTPUT_TOKENS
      wire.max_output_tokens = Math.min(Math.max(limit, least), most)
      if (limit > most) return `lowered to ${most}, the most that this model writes`
      return limit < least ? `raised to ${least}, the least that the API takes` : undefined
    },
  },
  temperature: { write: (value, wire) => set(wire, 'temperature', value) },
  topP: { write: (value, wire) => set(wire, 'top_p', value) },
  topK: { lost: 'the Responses API has no top_k' },
  stop: {
    write(stops, _wire, { report }) {
      if (stops.length > 0) report('settings.stop', 'the Responses API stops at no texts')
      return undefined
    },
  },
  seed: { lost: 'the Responses API has no seed' },
  presencePenalty: { write: (value, _wire, { report }) => losePenalty(value, 'presencePenalty', report) },
  frequencyPenalty: { write: (value, _wire, { report }) => losePenalty(value, 'frequencyPenalty', report) },
  logitBias: {
    write(bias, _wire, { report }) {
      if (Object.keys(bias).length > 0) report('settings.logitBias', 'the Responses API has no bias')
      return undefined
    },
  },
  logprobs: {
    write(wanted, wire, { request }) {
      const isTold = noted(request, INCLUDE) !== undefined || isOwn(request)
      if (wanted && !isTold) wire.include = [...(wire.include ?? []), INCLUDE_LOGPROBS]
      return undefined
    },
  },
  topLogprobs: { write: (value, wire) => set(wire, 'top_logprobs', value) },
  candidates: { write: (count) => (count > 1 ? `one answer is asked for instead of ${count}` : undefined) },
  responseFormat: { write: writeFormat },
  reasoning: { write: writeReasoning },
  verbosity: {
    write(value, wire) {
      wire.text = { ...wire.text, verbosity: value }
      return undefined
    },
  },
  userId: {
    write: (value, wire, { request }) =>
      set(wire, isSpelled(request, SAFETY_IDENTIFIER) ? 'safety_identifier' : 'user', value),
  },
  metadata: { write: (value, wire) => set(wire, 'metadata', value) },
  store: { write: (value, wire) => set(wire, 'store', value) },
  serviceTier: {
    write(tier, wire, { request, report }) {
      if (isOwn(request) || TIERS.includes(tier)) wire.service_tier = tier
      else report('settings.serviceTier', `the Responses API has no tier "${tier}"`)
      return undefined
    },
  },
  promptCacheKey: { write: (value, wire) => set(wire, 'prompt_cache_key', value) },
}

/**
 * What a client of this protocol wrote and left empty, and for others what makes the exchange complete in itself: nothing
 * is stored, and thoughts come with what it takes to send them back.
 */
export function completeSettings(wire: ResponsesRequest, request: Kept): void {
  if (!isOwn(request)) {
    wire.store ??= false
    wire.include = [...(wire.include ?? []), INCLUDE_PROOFS]
    return
  }
  const include = noted(request, INCLUDE)
  if (include !== undefined) wire.include = include === '' ? [] : include.split(',')
  if (isSpelled(request, HAS_TEXT)) wire.text ??= {}
  if (isSpelled(request, HAS_REASONING)) wire.reasoning ??= {}
}

function set<Name extends keyof ResponsesRequest>(
  wire: ResponsesRequest,
  name: Name,
  value: ResponsesRequest[Name],
): undefined {
  wire[name] = value
}

function losePenalty(value: number, name: string, report: ReportLoss): undefined {
  if (value !== 0) report(`settings.${name}`, 'the Responses API has no penalties')
}

function writeFormat(
  format: ResponseFormat,
  wire: ResponsesRequest,
  { facts, request }: SettingsContext,
): string | undefined {
  if (format.type !== 'json-schema') {
    wire.text = { ...wire.text, format: { type: format.type === 'text' ? 'text' : 'json_object' } }
    return undefined
  }
  if (facts.capabilities?.jsonSchema === false) {
    wire.text = { ...wire.text, format: { type: 'json_object' } }
    return 'this model keeps to no schema: asked for some JSON object'
  }
  const { name, description, schema, strict } = format
  if (isOwn(request)) {
    wire.text = { ...wire.text, format: defined({ type: 'json_schema', name, description, schema, strict }) }
    return undefined
  }
  const keepsStrict = strict === true && isStrictSchema(schema)
  // The API demands a name, and takes a schema that does not say for a strict one.
  const written = { type: 'json_schema', name: name ?? 'response', description, schema, strict: keepsStrict }
  wire.text = { ...wire.text, format: defined(written) }
  return strict === true && !keepsStrict
    ? 'not strict: such a schema must close every object and require every property'
    : undefined
}

/** How thoughts are shown: words of this protocol, and what those of others come to. */
const SUMMARIES: Readonly<Record<string, string | undefined>> = {
  auto: 'auto',
  concise: 'concise',
  detailed: 'detailed',
  summarized: 'auto',
  updates: 'auto',
  omitted: undefined,
}

function writeReasoning(
  settings: ReasoningSettings,
  wire: ResponsesRequest,
  context: SettingsContext,
): string | undefined {
  const { facts, request, report } = context
  if (isOwn(request)) {
    const effort = settings.effort === undefined ? undefined : nearestEffort(settings.effort, facts.efforts)
    wire.reasoning = defined({ effort, summary: settings.display })
    return effort === settings.effort ? undefined : nameChange(effort)
  }
  if (facts.capabilities?.reasoning === false) {
    const isAsked = settings.mode !== 'off' && settings.effort !== 'none' && Object.keys(settings).length > 0
    if (isAsked) report('settings.reasoning', 'this model does not think')
    return undefined
  }
  const wanted = chooseEffort(settings, facts)
  const effort = wanted === undefined ? undefined : nearestEffort(wanted, facts.efforts)
  const summary = chooseSummary(settings)
  if (effort !== undefined || summary !== undefined) wire.reasoning = defined({ effort, summary })
  const changes: string[] = []
  if (settings.budgetTokens !== undefined) changes.push(`a budget of thoughts is told as ${effort ?? 'no'} effort`)
  if (effort !== wanted) changes.push(nameChange(effort))
  else if (settings.mode === 'off' && effort === undefined) {
    changes.push('not told to a model of which nobody knows that it need not think')
  }
  return changes.length === 0 ? undefined : changes.join('; ')
}

function nameChange(effort: string | undefined): string {
  return effort === undefined ? 'this model does not know the effort' : `the effort became ${effort}`
}

function chooseEffort({ mode, effort, budgetTokens }: ReasoningSettings, facts: ModelFacts): string | undefined {
  if (mode === 'off') return facts.efforts?.[0] ?? (facts.capabilities?.reasoning === true ? 'none' : undefined)
  if (effort !== undefined) return effort
  if (budgetTokens !== undefined) return effortOfBudget(budgetTokens)
  return mode === 'on' ? 'medium' : undefined
}

/** Who switches thinking on wants to see it. */
function chooseSummary({ mode, display, budgetTokens }: ReasoningSettings): string | undefined {
  if (mode === 'off') return undefined
  if (display !== undefined && Object.hasOwn(SUMMARIES, display)) return SUMMARIES[display]
  return display !== undefined || mode !== undefined || budgetTokens !== undefined ? 'auto' : undefined
}
