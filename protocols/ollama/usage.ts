/** Counters of tokens and time: members of the answer itself. */
import { defined } from '../ir/defined.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { PROTOCOL } from './rest.ts'
import type { Answer } from './wire.ts'

const DURATIONS = ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration'] as const

/** Members of an answer that count something. */
export const COUNTERS: readonly string[] = [...DURATIONS, 'prompt_eval_count', 'eval_count']

/** Reads what there is; what is no counter is no counter, and nothing is thrown. */
export function decodeUsage(fields: JsonObject): Usage | undefined {
  const durations = DURATIONS.flatMap((name) => {
    const value = count(fields[name])
    return value === undefined ? [] : [[name, value] as const]
  })
  const usage = defined<Usage>({
    inputTokens: count(fields.prompt_eval_count),
    outputTokens: count(fields.eval_count),
    extra: durations.length === 0 ? undefined : { protocol: PROTOCOL, fields: Object.fromEntries(durations) },
  })
  return Object.keys(usage).length === 0 ? undefined : usage
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined
}

/** How long it took, where the back end did not say; in milliseconds. */
export interface Elapsed {
  /** Until the first word. */
  readonly firstMs: number
  readonly totalMs: number
}

/**
 * Counters that nobody knows are told as 0, and durations as the gateway saw them: clients divide the ones by the others.
 */
export function encodeUsage(usage: Usage | undefined, elapsed: Elapsed, report: ReportLoss): Partial<Answer> {
  if ((usage?.cacheReadTokens ?? 0) > 0) report('usage.cacheReadTokens', 'Ollama counts all input together')
  if ((usage?.cacheWriteTokens ?? 0) > 0) report('usage.cacheWriteTokens', 'Ollama counts all input together')
  if ((usage?.reasoningTokens ?? 0) > 0) report('usage.reasoningTokens', 'Ollama counts all output together')
  const own = usage?.extra?.protocol === PROTOCOL ? usage.extra.fields : undefined
  if (usage?.extra !== undefined && own === undefined) {
    for (const name of Object.keys(usage.extra.fields)) {
      report(`usage.${name}`, `only ${usage.extra.protocol} has this field`)
    }
  }
  return {
    total_duration: toNanoseconds(elapsed.totalMs),
    load_duration: 0,
    prompt_eval_count: usage?.inputTokens ?? 0,
    prompt_eval_duration: toNanoseconds(elapsed.firstMs),
    eval_count: usage?.outputTokens ?? 0,
    eval_duration: toNanoseconds(elapsed.totalMs - elapsed.firstMs),
    ...own,
  }
}

/** Never 0, since tokens are divided by it. */
function toNanoseconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds * 1_000_000))
}
