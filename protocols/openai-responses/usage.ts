/** Counters of tokens: `usage` on the wire. */
import { defined } from '../ir/defined.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { isObject } from './is-object.ts'
import { giveBack, PROTOCOL } from './rest.ts'
import type { ResponseUsage } from './wire.ts'

const DETAILS = ['input_tokens_details', 'output_tokens_details']
const NAMED = new Set([
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'input_tokens_details.cached_tokens',
  'input_tokens_details.cache_write_tokens',
  'output_tokens_details.reasoning_tokens',
])

/** Reads counters; what is no counter is none, and nothing is thrown. Here every vendor counts thoughts as output. */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined
  const read = readCounter(value, 'input_tokens')
  const written = readCounter(value, 'output_tokens')
  const total = readCounter(value, 'total_tokens')
  const fields = otherCounters(value)
  // A total that is not the sum says more than the two.
  if (total !== undefined && total !== (read ?? 0) + (written ?? 0)) fields.total_tokens = total
  return defined<Usage>({
    inputTokens: read,
    outputTokens: written,
    cacheReadTokens: readCounter(value.input_tokens_details, 'cached_tokens'),
    cacheWriteTokens: readCounter(value.input_tokens_details, 'cache_write_tokens'),
    reasoningTokens: readCounter(value.output_tokens_details, 'reasoning_tokens'),
    extra: Object.keys(fields).length === 0 ? undefined : { protocol: PROTOCOL, fields },
  })
}

/** Counters that nobody knows are told as 0: strict clients break at absent ones (trap 111). */
export function encodeUsage(usage: Usage, report: ReportLoss): ResponseUsage {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens, reasoningTokens = 0 } = usage
  const total = usage.extra?.protocol === PROTOCOL ? usage.extra.fields.total_tokens : undefined
  const wire: ResponseUsage = {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: cacheReadTokens,
      ...(cacheWriteTokens === undefined ? {} : { cache_write_tokens: cacheWriteTokens }),
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: typeof total === 'number' ? total : inputTokens + outputTokens,
  }
  giveBack(wire, usage.extra === undefined ? {} : { extra: usage.extra }, 'usage', report)
  return wire
}

/** Everything but the named counters, those of the details under dotted names; null says nothing. */
function otherCounters(usage: JsonObject): Record<string, unknown> {
  const others: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(usage)) {
    if (value === null || NAMED.has(name)) continue
    if (!DETAILS.includes(name)) {
      others[name] = value
    } else if (isObject(value)) {
      for (const [detail, count] of Object.entries(value)) {
        if (count !== null && !NAMED.has(`${name}.${detail}`)) others[`${name}.${detail}`] = count
      }
    }
  }
  return others
}

function readCounter(holder: unknown, name: string): number | undefined {
  const count = isObject(holder) ? holder[name] : undefined
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined
}
