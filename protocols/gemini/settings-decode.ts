/** `generationConfig`, read into the settings of the interlingua. */
import { defined } from '../ir/defined.ts'
import {
  expectBoolean,
  expectInteger,
  expectNumber,
  expectObject,
  expectPositiveInteger,
  expectRange,
  expectString,
  optional,
} from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ChatSettings, ReasoningSettings, ResponseFormat } from '../ir/request.ts'
import type { Keeper } from './keep.ts'
import { raiseSchema } from './schema-raise.ts'

const CONFIG = new Set([
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'stopSequences',
  'candidateCount',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'thinkingConfig',
])
const THINKING = new Set(['includeThoughts', 'thinkingBudget', 'thinkingLevel'])
const AT = 'generationConfig.'

export function decodeGenerationConfig(value: unknown, keeper: Keeper): ChatSettings {
  const given = optional(value, 'generationConfig', expectObject)
  if (given === undefined) return {}
  const fields = keeper.read(given, CONFIG, AT)
  const read = <Value>(name: string, expect: (value: unknown, path: string) => Value): Value | undefined =>
    optional(fields[name], AT + name, expect)
  return defined<ChatSettings>({
    maxOutputTokens: read('maxOutputTokens', expectPositiveInteger),
    temperature: read('temperature', expectRange(0, 2)),
    topP: read('topP', expectRange(0, 1)),
    topK: read('topK', expectNumber),
    stop: read('stopSequences', (stops, path) => readStops(stops, path, keeper)),
    seed: read('seed', expectInteger),
    presencePenalty: read('presencePenalty', expectNumber),
    frequencyPenalty: read('frequencyPenalty', expectNumber),
    logprobs: read('responseLogprobs', expectBoolean),
    topLogprobs: read('logprobs', expectInteger),
    candidates: read('candidateCount', expectPositiveInteger),
    responseFormat: readFormat(fields, keeper),
    reasoning: read('thinkingConfig', (config, path) => readThinking(expectObject(config, path), keeper)),
  })
}

function readStops(value: unknown, path: string, keeper: Keeper): readonly string[] {
  if (typeof value === 'string') {
    keeper.spell('stop:single')
    return [value]
  }
  return Array.isArray(value)
    ? value.map((stop, index) => expectString(stop, `${path}.${index}`))
    : [expectString(value, path)]
}

const JSON_TYPE = 'application/json'
const TEXT_TYPE = 'text/plain'

/** A schema as such, or in the dialect of `parameters`; any other type of the answer is carried verbatim. */
function readFormat(fields: JsonObject, keeper: Keeper): ResponseFormat | undefined {
  const mimeType = optional(fields.responseMimeType, `${AT}responseMimeType`, expectString)
  const name = fields.responseJsonSchema === undefined ? 'responseSchema' : 'responseJsonSchema'
  const given = optional(fields[name], AT + name, expectObject)
  if (mimeType !== undefined && mimeType !== JSON_TYPE) {
    if (mimeType !== TEXT_TYPE) keeper.keep(`${AT}responseMimeType`, mimeType)
    if (given !== undefined) keeper.keep(AT + name, given)
    return mimeType === TEXT_TYPE ? { type: 'text' } : undefined
  }
  if (given === undefined) return mimeType === undefined ? undefined : { type: 'json' }
  const schema = raiseSchema(given)
  // What is made of it for others could not be turned back.
  if (schema !== given) keeper.stash(AT + name, given)
  if (mimeType === undefined) keeper.spell('no-mime')
  keeper.spell(`format:${name}`)
  if (name === 'responseJsonSchema' && fields.responseSchema !== undefined)
    keeper.keep(`${AT}responseSchema`, fields.responseSchema)
  return { type: 'json-schema', schema }
}

/** Levels that say nothing (K57). */
const UNSPECIFIED = 'THINKING_LEVEL_UNSPECIFIED'

function readThinking(config: JsonObject, keeper: Keeper): ReasoningSettings | undefined {
  const at = `${AT}thinkingConfig.`
  const fields = keeper.read(config, THINKING, at)
  const shown = optional(fields.includeThoughts, `${at}includeThoughts`, expectBoolean)
  const budget = optional(fields.thinkingBudget, `${at}thinkingBudget`, expectInteger)
  const given = optional(fields.thinkingLevel, `${at}thinkingLevel`, expectString)
  const level = given === undefined ? undefined : keeper.readWord(given, `${at}thinkingLevel`)
  if (level === UNSPECIFIED) keeper.keep(`${at}thinkingLevel`, given)
  const reasoning = defined<ReasoningSettings>({
    mode: budget === undefined ? undefined : budget === 0 ? 'off' : budget < 0 ? 'adaptive' : 'on',
    effort: level === undefined || level === UNSPECIFIED ? undefined : level.toLowerCase(),
    budgetTokens: budget !== undefined && budget > 0 ? budget : undefined,
    display: shown === undefined ? undefined : shown ? 'summarized' : 'omitted',
  })
  return Object.keys(reasoning).length === 0 ? undefined : reasoning
}
