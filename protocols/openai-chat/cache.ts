/** Cache marks: `cache_control`, which OpenRouter and others took over from Anthropic's API. */
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { CacheMark } from '../ir/part.ts'
import { isOwn, type Kept, type Rest } from './rest.ts'

const KNOWN = new Set(['type', 'ttl'])

export function readCache(fields: JsonObject, path: string, rest: Rest): CacheMark | undefined {
  const control = optional(fields.cache_control, `${path}.cache_control`, expectObject)
  if (control === undefined) return undefined
  const ttl = optional(control.ttl, `${path}.cache_control.ttl`, expectString)
  rest.take(control, KNOWN, 'cache_control.')
  return ttl === undefined ? {} : { ttl }
}

interface Markable extends Kept {
  readonly cache?: CacheMark
}

/** Whether the mark of this part or tool, if it has one, is written: a client of this protocol wrote it, or the model knows it. */
export function carriesCache(item: Markable, facts: ModelFacts): boolean {
  return item.cache !== undefined && (isOwn(item) || facts.cacheMarks === true)
}

export function writeCache(
  wire: { cache_control?: { type: 'ephemeral'; ttl?: string } },
  item: Markable,
  facts: ModelFacts,
  path: string,
  report: ReportLoss,
): void {
  if (item.cache === undefined) return
  if (!carriesCache(item, facts)) {
    report(`${path}.cache`, 'this model is not known to read cache marks')
    return
  }
  wire.cache_control = { type: 'ephemeral', ...(item.cache.ttl === undefined ? {} : { ttl: item.cache.ttl }) }
}
