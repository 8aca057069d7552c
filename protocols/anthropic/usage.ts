/** Counters and stop reasons. */
import { expectInteger, expectObject, optional } from '../ir/expect.ts'
import { collectExtra, type JsonObject, ownFields } from '../ir/extra.ts'
import type { Finish, FinishReason } from '../ir/finish.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { PROTOCOL } from './keep.ts'
import type { WireUsage } from './wire.ts'

const COUNTERS = new Set(['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'])

/**
 * Reads the member `usage`. The wire's `input_tokens` leaves out cached ones, the interlingua's has them (trap 106).
 *
 * @throws ApiFailure `bad-request` naming the counter that is no whole number.
 * @see https://docs.anthropic.com/en/api/messages#response-usage
 */
export function decodeUsage(value: unknown, path: string): Usage {
  const fields = expectObject(value, path)
  const count = (name: string) => optional(fields[name], `${path}.${name}`, expectInteger)
  const input = count('input_tokens')
  const output = count('output_tokens')
  const cacheRead = count('cache_read_input_tokens')
  const cacheWrite = count('cache_creation_input_tokens')
  const details = optional(fields.output_tokens_details, `${path}.output_tokens_details`, expectObject)
  const thinking = optional(details?.thinking_tokens, `${path}.output_tokens_details.thinking_tokens`, expectInteger)
  const isDetailKnown = thinking !== undefined && Object.keys(details ?? {}).length === 1
  const known = isDetailKnown ? new Set([...COUNTERS, 'output_tokens_details']) : COUNTERS
  const extra = collectExtra(fields, known, PROTOCOL)
  return {
    ...(input === undefined ? {} : { inputTokens: input + (cacheRead ?? 0) + (cacheWrite ?? 0) }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(cacheRead === undefined ? {} : { cacheReadTokens: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWriteTokens: cacheWrite }),
    ...(thinking === undefined ? {} : { reasoningTokens: thinking }),
    ...(extra === undefined ? {} : { extra }),
  }
}

/** @param estimatedInputTokens told where the back end did not count: clients show it as the size of the context (trap 101). */
export function encodeUsage(usage: Usage | undefined, estimatedInputTokens: number, report: ReportLoss): WireUsage {
  const cacheRead = usage?.cacheReadTokens ?? 0
  const cacheWrite = usage?.cacheWriteTokens ?? 0
  const input = usage?.inputTokens ?? estimatedInputTokens
  const thinking = usage?.reasoningTokens
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: usage?.outputTokens ?? 0,
    ...(thinking === undefined ? {} : { output_tokens_details: { thinking_tokens: thinking } }),
    ...ownFields(usage?.extra, PROTOCOL, 'usage', report),
  }
}

/** Counters of a later report replace those of an earlier one; null and absent ones do not (Q56). */
export function joinWireUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const told = Object.entries(later).filter(([, value]) => value !== null)
  return { ...earlier, ...Object.fromEntries(told) }
}

const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
  ['compaction', 'pause'],
])

/** These say no more than the neutral reason. */
const WORDS: Record<FinishReason, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  error: 'end_turn',
}

/** A word of tomorrow counts as a plain stop and is kept; absent, as with some copies of the API, is a plain stop too. */
export function decodeFinish(stopReason: string | undefined, stopSequence: string | undefined): Finish {
  const reason = (stopReason === undefined ? undefined : REASONS.get(stopReason)) ?? 'stop'
  const isSequence = stopReason === 'stop_sequence' && stopSequence !== undefined
  const isPlain = stopReason === undefined || isSequence || WORDS[reason] === stopReason
  return {
    reason,
    ...(stopSequence === undefined ? {} : { stopSequence }),
    ...(isPlain ? {} : { original: { protocol: PROTOCOL, value: stopReason } }),
  }
}

/** The word for a neutral reason; the original one as long as it still says the same. */
export function encodeStopReason(finish: Finish): string {
  const original = finish.original
  if (original?.protocol === PROTOCOL && (REASONS.get(original.value) ?? 'stop') === finish.reason)
    return original.value
  if (finish.stopSequence !== undefined && finish.reason === 'stop') return 'stop_sequence'
  return WORDS[finish.reason]
}

/** Told at the start of a stream and not again at its end. */
const START_COUNTERS: ReadonlySet<string> = new Set(['cache_creation', 'service_tier', 'inference_geo', 'speed'])

export function withoutStartCounters(usage: WireUsage): WireUsage {
  const kept = Object.entries(usage).filter(([name]) => !START_COUNTERS.has(name))
  // The four counters that the type demands are none of those.
  return Object.fromEntries(kept) as WireUsage
}
