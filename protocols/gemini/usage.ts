/** Counters: `usageMetadata`. */
import { expectObject } from '../ir/expect.ts'
import { collectExtra, ownFields } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { PROTOCOL, readNames } from './keep.ts'
import type { UsageMetadata } from './wire.ts'

/** What a tool of the API read: counted beside the prompt, and kept to tell it apart again. */
const TOOL_PROMPT = 'toolUsePromptTokenCount'

const COUNTERS = new Set([
  'promptTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'cachedContentTokenCount',
  'totalTokenCount',
])

/**
 * The wire counts thoughts beside what was said and what tools read beside the prompt; the interlingua has both inside
 * (Q72, trap 108). Counters that are no numbers are ignored (lesson 63).
 *
 * @throws ApiFailure `bad-request` when this is no object.
 * @see https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function decodeUsage(value: unknown, path: string): Usage {
  const fields = readNames(expectObject(value, path))
  const count = (name: string): number | undefined => {
    const number = fields[name]
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
  }
  const prompt = count('promptTokenCount')
  const said = count('candidatesTokenCount')
  const thought = count('thoughtsTokenCount')
  const cached = count('cachedContentTokenCount')
  const others = collectExtra(fields, COUNTERS, PROTOCOL)
  return {
    ...(prompt === undefined ? {} : { inputTokens: prompt + (count(TOOL_PROMPT) ?? 0) }),
    ...(said === undefined && thought === undefined ? {} : { outputTokens: (said ?? 0) + (thought ?? 0) }),
    ...(cached === undefined ? {} : { cacheReadTokens: cached }),
    ...(thought === undefined ? {} : { reasoningTokens: thought }),
    ...(others === undefined ? {} : { extra: { ...others, fields: nameEnumerations(others.fields) } }),
  }
}

/** In the order of the numbers that stand for them (Q75). */
const MODALITIES = ['MODALITY_UNSPECIFIED', 'TEXT', 'IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT']
const TRAFFIC = ['TRAFFIC_TYPE_UNSPECIFIED', 'ON_DEMAND', 'PROVISIONED_THROUGHPUT']

function nameEnumerations(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (name === 'trafficType' && typeof value === 'number') return [name, TRAFFIC[value] ?? TRAFFIC[0]]
      return [name, name.endsWith('Details') && Array.isArray(value) ? value.map(nameModality) : value]
    }),
  )
}

function nameModality(detail: unknown): unknown {
  if (typeof detail !== 'object' || detail === null || !('modality' in detail)) return detail
  return typeof detail.modality === 'number'
    ? { ...detail, modality: MODALITIES[detail.modality] ?? MODALITIES[0] }
    : detail
}

export function encodeUsage(usage: Usage, report: ReportLoss): UsageMetadata {
  const extra = ownFields(usage.extra, PROTOCOL, 'usage', report) ?? {}
  const byTools = extra[TOOL_PROMPT]
  const input = usage.inputTokens ?? 0
  const output = usage.outputTokens ?? 0
  const thought = usage.reasoningTokens
  if ((usage.cacheWriteTokens ?? 0) > 0) report('usage.cacheWriteTokens', 'counted in the prompt, but not by itself')
  return {
    promptTokenCount: Math.max(0, input - (typeof byTools === 'number' ? byTools : 0)),
    candidatesTokenCount: Math.max(0, output - (thought ?? 0)),
    totalTokenCount: input + output,
    ...(usage.cacheReadTokens === undefined ? {} : { cachedContentTokenCount: usage.cacheReadTokens }),
    ...(thought === undefined ? {} : { thoughtsTokenCount: thought }),
    ...extra,
  }
}
