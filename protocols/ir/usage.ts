import type { Extra } from './extra.ts'

/**
 * Tokens of one exchange, counted the same way whatever the protocol:
 * `inputTokens` is everything that was read, cached or not; `outputTokens` everything that was written, thoughts included.
 */
export interface Usage {
  readonly inputTokens?: number
  readonly outputTokens?: number
  /** Part of `inputTokens` that came from a cache. */
  readonly cacheReadTokens?: number
  /** Part of `inputTokens` that was put into a cache. */
  readonly cacheWriteTokens?: number
  /** Part of `outputTokens` that was thought and not said. */
  readonly reasoningTokens?: number
  /** Other counters, in the words of their protocol. */
  readonly extra?: Extra
  /** Counted by the gateway and not by the back end. */
  readonly estimated?: boolean
}

/** Joins what two reports of one exchange say; a counter of the later one replaces that of the earlier. */
export function mergeUsage(earlier: Usage | undefined, later: Usage): Usage {
  if (earlier === undefined) return later
  const merged = { ...earlier, ...later }
  if (later.estimated === undefined) delete (merged as { estimated?: boolean }).estimated
  return merged
}
