/** Everything that tunes an answer, written for a back end: one row per setting, carried or declared lost. */
import type { ModelFacts } from '../ir/facts.ts'
import type { FieldTable } from '../ir/field-table.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatSettings } from '../ir/request.ts'
import { writeReasoningSettings } from './reasoning-settings.ts'
import { writeResponseFormat } from './response-format.ts'
import { isOwn, isSpelled, type Kept } from './rest.ts'
import type { ChatCompletionRequest } from './wire.ts'

export interface SettingsContext {
  readonly facts: ModelFacts
  /** The request, for how its client spelled things. */
  readonly request: Kept
  /** For what is left out; what is changed is returned. */
  readonly report: ReportLoss
}

/** More of them are refused with 400. */
const MOST_STOPS = 4

/** Tiers that Chat Completions has; other protocols have words of their own. */
const TIERS: readonly string[] = ['auto', 'default', 'flex', 'scale', 'priority', 'fast']

export const SETTINGS: FieldTable<ChatSettings, ChatCompletionRequest, SettingsContext> = {
  maxOutputTokens: {
    write(limit, wire, { facts, request }) {
      const most = facts.maxOutputTokens ?? limit
      wire[isSpelled(request, 'max_tokens') ? 'max_tokens' : 'max_completion_tokens'] = Math.min(limit, most)
      return limit > most ? `lowered to ${most}, the most that this model writes` : undefined
    },
  },
  temperature: { write: (value, wire) => set(wire, 'temperature', value) },
  topP: { write: (value, wire) => set(wire, 'top_p', value) },
  topK: {
    write(value, wire, { request, report }) {
      // Only copies of the API have it; OpenAI refuses the whole request for a member that it does not know.
      if (isOwn(request)) wire.top_k = value
      else report('settings.topK', 'Chat Completions has no top_k')
      return undefined
    },
  },
  stop: {
    write(stops, wire, { request }) {
      const [first] = stops
      if (isSpelled(request, 'stop:string') && first !== undefined && stops.length === 1)
        return set(wire, 'stop', first)
      const kept = isOwn(request) ? stops : stops.slice(0, MOST_STOPS)
      // The API refuses an empty list, which other protocols have for none.
      if (kept.length === 0 && !isOwn(request)) return undefined
      wire.stop = [...kept]
      return kept.length < stops.length ? `only the first ${MOST_STOPS} of ${stops.length} are taken` : undefined
    },
  },
  seed: { write: (value, wire) => set(wire, 'seed', value) },
  presencePenalty: { write: (value, wire) => set(wire, 'presence_penalty', value) },
  frequencyPenalty: { write: (value, wire) => set(wire, 'frequency_penalty', value) },
  logitBias: { write: (value, wire) => set(wire, 'logit_bias', value) },
  logprobs: { write: (value, wire) => set(wire, 'logprobs', value) },
  topLogprobs: { write: (value, wire) => set(wire, 'top_logprobs', value) },
  candidates: { write: (value, wire) => set(wire, 'n', value) },
  responseFormat: { write: (value, wire, { request, facts }) => writeResponseFormat(value, wire, request, facts) },
  reasoning: { write: (value, wire, { request, facts }) => writeReasoningSettings(value, wire, request, facts) },
  verbosity: { write: (value, wire) => set(wire, 'verbosity', value) },
  userId: {
    write: (value, wire, { request }) =>
      set(wire, isSpelled(request, 'safety_identifier') ? 'safety_identifier' : 'user', value),
  },
  metadata: { write: (value, wire) => set(wire, 'metadata', value) },
  store: { write: (value, wire) => set(wire, 'store', value) },
  serviceTier: {
    write(value, wire, { request, report }) {
      if (isOwn(request) || TIERS.includes(value)) wire.service_tier = value
      else report('settings.serviceTier', `Chat Completions has no tier "${value}"`)
      return undefined
    },
  },
  promptCacheKey: { write: (value, wire) => set(wire, 'prompt_cache_key', value) },
}

function set<Name extends keyof ChatCompletionRequest>(
  wire: ChatCompletionRequest,
  name: Name,
  value: ChatCompletionRequest[Name],
): undefined {
  wire[name] = value
}
