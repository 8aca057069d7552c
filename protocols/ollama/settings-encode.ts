/** Everything that tunes an answer, written for a back end: one row per setting, carried or declared lost. */
import type { ModelFacts } from '../ir/facts.ts'
import type { FieldTable } from '../ir/field-table.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatSettings, ReasoningSettings } from '../ir/request.ts'
import type { Kept } from '../ir/rest.ts'
import { isOwn, isSpelled } from './rest.ts'
import { BARE_STOP } from './settings-decode.ts'
import type { Call, Options } from './wire.ts'

export interface SettingsContext {
  readonly facts: ModelFacts
  /** The request, for how its client spelled things. */
  readonly request: Kept
  /** Filled, and put into the request when all is written. */
  readonly options: Options
  /** For what is left out; what is changed is returned. */
  readonly report: ReportLoss
}

export const SETTINGS: FieldTable<ChatSettings, Call, SettingsContext> = {
  maxOutputTokens: {
    write(limit, _wire, { facts, options }) {
      const most = facts.maxOutputTokens ?? limit
      options.num_predict = Math.min(limit, most)
      return limit > most ? `lowered to ${most}, the most that this model writes` : undefined
    },
  },
  temperature: { write: (value, _wire, { options }) => set(options, 'temperature', value) },
  topP: { write: (value, _wire, { options }) => set(options, 'top_p', value) },
  topK: { write: (value, _wire, { options }) => set(options, 'top_k', value) },
  stop: {
    write(stops, _wire, { options, request }) {
      const [only] = stops
      const isBare = isSpelled(request, BARE_STOP) && stops.length === 1 && only !== undefined
      return set(options, 'stop', isBare ? only : [...stops])
    },
  },
  seed: { write: (value, _wire, { options }) => set(options, 'seed', value) },
  presencePenalty: { write: (value, _wire, { options }) => set(options, 'presence_penalty', value) },
  frequencyPenalty: { write: (value, _wire, { options }) => set(options, 'frequency_penalty', value) },
  logitBias: {
    write(bias, _wire, { report }) {
      if (Object.keys(bias).length > 0) report('settings.logitBias', 'Ollama has no bias')
      return undefined
    },
  },
  logprobs: {
    write(value, wire) {
      wire.logprobs = value
      return undefined
    },
  },
  topLogprobs: {
    write(value, wire) {
      wire.top_logprobs = value
      return undefined
    },
  },
  candidates: {
    write(count, _wire, { report }) {
      if (count > 1) report('settings.candidates', 'Ollama gives one answer')
      return undefined
    },
  },
  responseFormat: {
    write(format, wire, { facts, report }) {
      if (format.type === 'text') return undefined
      if (format.type === 'json') {
        wire.format = 'json'
        return undefined
      }
      if (format.description !== undefined)
        report('settings.responseFormat.description', 'a schema has no description beside it')
      // The schema binds what the model writes, strict or not; its name is for nobody.
      wire.format = facts.capabilities?.jsonSchema === false ? 'json' : format.schema
      return wire.format === 'json' ? 'this model keeps to no schema: asked for some JSON object' : undefined
    },
  },
  reasoning: { write: writeThink },
  verbosity: { lost: 'Ollama has no verbosity' },
  userId: { lost: 'Ollama knows no end users' },
  metadata: {
    write(metadata, _wire, { report }) {
      if (Object.keys(metadata).length > 0) report('settings.metadata', 'Ollama takes no metadata')
      return undefined
    },
  },
  store: {
    write(store, _wire, { report }) {
      if (store) report('settings.store', 'Ollama stores no answers')
      return undefined
    },
  },
  serviceTier: { lost: 'Ollama has no tiers' },
  promptCacheKey: { lost: 'Ollama caches by itself' },
}

function set<Name extends keyof Options>(options: Options, name: Name, value: Options[Name]): undefined {
  options[name] = value
}

/** A model that does not think refuses to be asked for it; most that do know no efforts, only yes and no. */
function writeThink(settings: ReasoningSettings, wire: Call, { facts, request }: SettingsContext): string | undefined {
  const { mode, effort, budgetTokens, display } = settings
  if (mode === 'off' || effort === 'none') {
    // To think less than nothing can be asked of every model.
    wire.think = false
    return effort === undefined || effort === 'none' ? undefined : 'a model that does not think takes no effort'
  }
  if (isOwn(request)) {
    if (effort !== undefined || mode === 'on') wire.think = effort ?? true
    return undefined
  }
  if (facts.capabilities?.reasoning === false) {
    return mode === 'adaptive' && effort === undefined ? undefined : 'this model does not think'
  }
  const changes: string[] = []
  if (display !== undefined) changes.push('how thoughts are shown cannot be told')
  if (effort !== undefined && facts.efforts?.includes(effort) === true) wire.think = effort
  else if (effort !== undefined || mode === 'on' || budgetTokens !== undefined) {
    wire.think = true
    if (effort !== undefined) changes.push('asked to think, without the effort')
  }
  if (budgetTokens !== undefined) changes.push('a budget of thoughts cannot be told')
  return changes.length === 0 ? undefined : changes.join('; ')
}
