/** Counters of several calls as one: what all of them read and wrote. */
import type { Usage } from '../../../protocols/ir/usage.ts'

const COUNTERS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const

export function addUsage(sum: Usage | undefined, more: Usage): Usage {
  if (sum === undefined) return more
  const added: Record<string, unknown> = { ...sum, ...more }
  for (const name of COUNTERS) {
    if (sum[name] !== undefined || more[name] !== undefined) added[name] = (sum[name] ?? 0) + (more[name] ?? 0)
  }
  if (sum.estimated === true || more.estimated === true) added['estimated'] = true
  // Its own protocol's counters are those of the last call only: they cannot be added without knowing them.
  return added
}
