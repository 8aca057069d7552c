/** One row per setting of the interlingua: how it is written, or why the Gemini API cannot say it. */
import type { ModelFacts } from '../ir/facts.ts'
import type { FieldTable } from '../ir/field-table.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatSettings, ResponseFormat } from '../ir/request.ts'
import { isOwn, isSpelled, type Kept, spelledAfter } from './keep.ts'
import { lowerAll } from './schema-lower.ts'
import { writeReasoning } from './thinking.ts'
import type { GenerateContentRequest, GenerationConfig } from './wire.ts'

export interface SettingsContext {
  readonly model: string
  readonly facts: ModelFacts
  /** The request, for how its client spelled things. */
  readonly request: Kept
  readonly body: GenerateContentRequest
  readonly report: ReportLoss
}

/** More are refused with 400 (trap 115). */
const MOST_STOPS = 5
/** @see https://ai.google.dev/api/generate-content#v1beta.GenerationConfig */
const MOST_LOGPROBS = 20
const HOTTEST = 2
/** Seeds are 32 bits wide. */
const LARGEST_SEED = 0x7fffffff

export const SETTINGS: FieldTable<ChatSettings, GenerationConfig, SettingsContext> = {
  maxOutputTokens: {
    write(limit, config, { facts, request }) {
      const most = isOwn(request) ? limit : (facts.maxOutputTokens ?? limit)
      config.maxOutputTokens = Math.min(limit, most)
      return limit > most ? `lowered to ${most}, the most that this model writes` : undefined
    },
  },
  temperature: {
    write(value, config) {
      config.temperature = Math.min(value, HOTTEST)
      return value > HOTTEST ? `lowered to ${HOTTEST}, the most that the API takes` : undefined
    },
  },
  topP: { write: (value, config) => set(config, 'topP', value) },
  topK: { write: (value, config) => set(config, 'topK', value) },
  stop: {
    write(stops, config, { request }) {
      const own = isOwn(request)
      const kept = own ? stops : stops.filter((stop) => stop !== '').slice(0, MOST_STOPS)
      const single = isSpelled(request, 'stop:single') ? kept[0] : undefined
      // A bare text where a list is meant, as the client wrote it.
      if (kept.length > 0 || own) (config as Record<string, unknown>).stopSequences = single ?? [...kept]
      return kept.length < stops.length ? `only ${kept.length} of ${stops.length} are taken` : undefined
    },
  },
  seed: {
    write(value, config, { request }) {
      const seed = isOwn(request) ? value : Math.abs(value) % LARGEST_SEED
      config.seed = seed
      return seed === value ? undefined : 'the API takes seeds of 32 bits'
    },
  },
  presencePenalty: { write: (value, config) => set(config, 'presencePenalty', value) },
  frequencyPenalty: { write: (value, config) => set(config, 'frequencyPenalty', value) },
  logitBias: {
    write(value, _config, { report }) {
      if (Object.keys(value).length > 0) report('settings.logitBias', 'the Gemini API has no bias')
      return undefined
    },
  },
  logprobs: {
    write: (value, config, { request }) =>
      value || isOwn(request) ? set(config, 'responseLogprobs', value) : undefined,
  },
  topLogprobs: {
    write(value, config, { request }) {
      if (value === 0 && !isOwn(request)) return undefined
      config.logprobs = Math.min(value, MOST_LOGPROBS)
      return value > MOST_LOGPROBS ? `lowered to ${MOST_LOGPROBS}` : undefined
    },
  },
  candidates: {
    write: (value, config, { request }) =>
      value > 1 || isOwn(request) ? set(config, 'candidateCount', value) : undefined,
  },
  responseFormat: { write: writeFormat },
  reasoning: {
    write(value, config, context) {
      writeReasoning(value, config, context)
      return undefined
    },
  },
  verbosity: { lost: 'the Gemini API has no verbosity' },
  userId: { lost: 'the Gemini API takes no user' },
  metadata: {
    write(value, _config, { report }) {
      if (Object.keys(value).length > 0) report('settings.metadata', 'the Gemini API takes no metadata')
      return undefined
    },
  },
  store: {
    write(value, _config, { request, body, report }) {
      if (isOwn(request)) body.store = value
      else if (value) report('settings.store', 'the Gemini API stores no answers')
      return undefined
    },
  },
  serviceTier: { write: writeServiceTier },
  promptCacheKey: { lost: 'the Gemini API finds its cache by the prompt itself' },
}

function set<Name extends keyof GenerationConfig>(
  config: GenerationConfig,
  name: Name,
  value: GenerationConfig[Name],
): undefined {
  config[name] = value
}

const JSON_TYPE = 'application/json'

function writeFormat(format: ResponseFormat, config: GenerationConfig, context: SettingsContext): string | undefined {
  const { request, facts, report } = context
  if (format.type === 'text') {
    if (isOwn(request)) config.responseMimeType = 'text/plain'
    return undefined
  }
  if (!isSpelled(request, 'no-mime')) config.responseMimeType = JSON_TYPE
  if (format.type === 'json') return undefined
  if (facts.capabilities?.jsonSchema === false) {
    report('settings.responseFormat', 'this model takes no schema for its answer')
    return undefined
  }
  if (spelledAfter(request, 'format:') === 'responseSchema') config.responseSchema = format.schema
  else if (facts.refuses?.includes('responseJsonSchema') === true)
    config.responseSchema = lowerAll(format.schema, 'settings.responseFormat.schema', report)
  else config.responseJsonSchema = format.schema
  return format.description === undefined ? undefined : 'the description of the schema is left out'
}

const TIERS: ReadonlySet<string> = new Set(['standard', 'flex', 'priority'])

function writeServiceTier(tier: string, _config: GenerationConfig, context: SettingsContext): string | undefined {
  const { request, body, report } = context
  if (isOwn(request) || TIERS.has(tier)) body.serviceTier = tier
  else if (tier !== 'auto' && tier !== 'default') report('settings.serviceTier', `the Gemini API has no tier ${tier}`)
  return undefined
}
