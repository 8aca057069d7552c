/** One row per setting of the interlingua: how it is written, or why the Messages API cannot say it. */
import type { FieldTable } from '../ir/field-table.ts'
import type { ChatSettings, ResponseFormat } from '../ir/request.ts'
import type { ThinkingContext } from './thinking.ts'
import type { MessagesRequest } from './wire.ts'

export interface SettingsContext extends ThinkingContext {
  /** The client used `output_format`, which was the field of the first beta. */
  readonly olderFormat: boolean
}

const NO_LOGPROBS = 'the Messages API tells no log probabilities'

export const SETTINGS: FieldTable<ChatSettings, MessagesRequest, SettingsContext> = {
  maxOutputTokens: { elsewhere: 'limits.ts' },
  temperature: {
    write(value, body) {
      body.temperature = Math.min(value, 1)
      return value > 1 ? 'lowered to 1, the most that the API takes' : undefined
    },
  },
  topP: {
    write(value, body) {
      body.top_p = value
      return undefined
    },
  },
  topK: {
    write(value, body) {
      body.top_k = value
      return undefined
    },
  },
  stop: {
    write(value, body) {
      body.stop_sequences = [...value]
      return undefined
    },
  },
  seed: { lost: 'the Messages API has no seed' },
  presencePenalty: {
    write(value, _body, { report }) {
      if (value !== 0) report('settings.presencePenalty', 'the Messages API has no penalties')
      return undefined
    },
  },
  frequencyPenalty: {
    write(value, _body, { report }) {
      if (value !== 0) report('settings.frequencyPenalty', 'the Messages API has no penalties')
      return undefined
    },
  },
  logitBias: {
    write(value, _body, { report }) {
      if (Object.keys(value).length > 0) report('settings.logitBias', 'the Messages API has no bias')
      return undefined
    },
  },
  logprobs: {
    write(value, _body, { report }) {
      if (value) report('settings.logprobs', NO_LOGPROBS)
      return undefined
    },
  },
  topLogprobs: {
    write(value, _body, { report }) {
      if (value > 0) report('settings.topLogprobs', NO_LOGPROBS)
      return undefined
    },
  },
  candidates: {
    write(value) {
      return value > 1 ? `one answer is asked for instead of ${value}` : undefined
    },
  },
  responseFormat: { write: writeFormat },
  reasoning: { elsewhere: 'thinking.ts' },
  verbosity: { lost: 'the Messages API has no verbosity' },
  userId: {
    write(value, body) {
      body.metadata = { ...body.metadata, user_id: value }
      return undefined
    },
  },
  metadata: {
    write(value, body, { own, report }) {
      if (own) body.metadata = { ...value, ...body.metadata }
      else if (Object.keys(value).length > 0) report('settings.metadata', 'the Messages API takes only a user id')
      return undefined
    },
  },
  store: {
    write(value, _body, { report }) {
      if (value) report('settings.store', 'the Messages API stores no answers')
      return undefined
    },
  },
  serviceTier: { write: writeServiceTier },
  promptCacheKey: { lost: 'the Messages API finds its cache by the prompt itself' },
}

function writeFormat(format: ResponseFormat, body: MessagesRequest, context: SettingsContext): string | undefined {
  if (format.type === 'text') return undefined
  if (format.type === 'json') {
    context.report('settings.responseFormat', 'the Messages API has no JSON mode without a schema')
    return undefined
  }
  if (context.facts.capabilities?.jsonSchema === false) {
    context.report('settings.responseFormat', 'this model takes no schema for its answer')
    return undefined
  }
  const written = { type: 'json_schema', schema: format.schema }
  if (context.olderFormat) body.output_format = written
  else body.output_config = { ...body.output_config, format: written }
  return format.description === undefined ? undefined : 'the description of the schema is left out'
}

const SERVICE_TIERS: ReadonlyMap<string, string> = new Map([
  ['auto', 'auto'],
  ['standard_only', 'standard_only'],
  ['default', 'standard_only'],
])

function writeServiceTier(tier: string, body: MessagesRequest, { own, report }: SettingsContext): string | undefined {
  const known = own ? tier : SERVICE_TIERS.get(tier)
  if (known === undefined) {
    report('settings.serviceTier', `the Messages API has no tier ${tier}`)
    return undefined
  }
  body.service_tier = known
  return known === tier ? undefined : `${tier} is sent as ${known}`
}
