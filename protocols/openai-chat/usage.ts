/** Counters of tokens: `usage` on the wire. */

import { defined } from '../ir/defined.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { giveBack, PROTOCOL } from './rest.ts'
import type { CompletionUsage } from './wire.ts'

/** Where vendors put the part of the input that came from a cache (Q30); the first is OpenAI's own place. */
const CACHED = [
  'prompt_tokens_details.cached_tokens',
  'prompt_cache_hit_tokens',
  'cached_tokens',
  'num_cached_tokens',
  'input_tokens_details.cached_tokens',
  'cache_read_input_tokens',
]
const CACHE_WRITTEN = ['prompt_tokens_details.cache_write_tokens', 'cache_creation_input_tokens']
const REASONED = ['completion_tokens_details.reasoning_tokens', 'reasoning_tokens']
const NAMED = new Set([
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'prompt_tokens_details.cached_tokens',
  'prompt_tokens_details.cache_write_tokens',
  'completion_tokens_details.reasoning_tokens',
])

/**
 * Reads counters as any vendor writes them; what is no counter is no counter, and nothing is thrown.
 *
 * @param reasoningIsOutput false for a back end that counts thoughts beside the output. The total decides where there is
 *   one, so that a vendor that changes its mind is not counted twice (Q29).
 */
export function decodeUsage(value: unknown, reasoningIsOutput?: boolean): Usage | undefined {
  if (!isObject(value)) return undefined
  const read = readCounter(value, 'prompt_tokens')
  const written = readCounter(value, 'completion_tokens')
  const total = readCounter(value, 'total_tokens')
  const reasoned = largest(value, REASONED)
  const isBeside = isReasoningBeside(read ?? 0, written ?? 0, reasoned ?? 0, total, reasoningIsOutput)
  const outputTokens = written === undefined ? undefined : written + (isBeside ? (reasoned ?? 0) : 0)
  const fields = otherCounters(value)
  // Sound makes some totals larger than the sum: then the total says more than the two.
  if (total !== undefined && total !== (read ?? 0) + (outputTokens ?? 0)) fields.total_tokens = total
  return defined<Usage>({
    inputTokens: read,
    outputTokens,
    cacheReadTokens: largest(value, CACHED),
    cacheWriteTokens: largest(value, CACHE_WRITTEN),
    reasoningTokens: reasoned,
    extra: Object.keys(fields).length === 0 ? undefined : { protocol: PROTOCOL, fields },
  })
}

/** Counters that nobody knows are told as 0: strict clients break at absent ones (trap 111). */
export function encodeUsage(usage: Usage, report: ReportLoss): CompletionUsage {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens, reasoningTokens = 0 } = usage
  const total = usage.extra?.protocol === PROTOCOL ? usage.extra.fields.total_tokens : undefined
  const wire: CompletionUsage = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: typeof total === 'number' ? total : inputTokens + outputTokens,
    prompt_tokens_details: {
      cached_tokens: cacheReadTokens,
      ...(cacheWriteTokens === undefined ? {} : { cache_write_tokens: cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  }
  giveBack(wire, { ...(usage.extra === undefined ? {} : { extra: usage.extra }) }, 'usage', report)
  return wire
}

/** Groq streams its counters in an object of its own (Q12). */
export function findUsage(body: JsonObject): unknown {
  return isObject(body.usage) ? body.usage : isObject(body.x_groq) ? body.x_groq.usage : undefined
}

function isReasoningBeside(
  read: number,
  written: number,
  reasoned: number,
  total: number | undefined,
  reasoningIsOutput: boolean | undefined,
): boolean {
  if (reasoned === 0) return false
  if (total === read + written) return false
  return total === read + written + reasoned || reasoningIsOutput === false
}

/** Everything but the named counters, under dotted names; null says nothing. */
function otherCounters(usage: JsonObject): Record<string, unknown> {
  const others: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(usage)) {
    if (value === null || NAMED.has(name)) continue
    if (name !== 'prompt_tokens_details' && name !== 'completion_tokens_details') {
      others[name] = value
    } else if (isObject(value)) {
      for (const [detail, count] of Object.entries(value)) {
        if (count !== null && !NAMED.has(`${name}.${detail}`)) others[`${name}.${detail}`] = count
      }
    }
  }
  return others
}

/** Where several places tell a counter, one of them may be an empty default. */
function largest(usage: JsonObject, places: readonly string[]): number | undefined {
  let most: number | undefined
  for (const place of places) {
    const count = readCounter(usage, place)
    if (count !== undefined && (most === undefined || count > most)) most = count
  }
  return most
}

function readCounter(usage: JsonObject, place: string): number | undefined {
  const dot = place.indexOf('.')
  const holder = dot < 0 ? usage : usage[place.slice(0, dot)]
  const count = isObject(holder) ? holder[place.slice(dot + 1)] : undefined
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
