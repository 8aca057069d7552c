/** Cache marks: `cache_control` on the wire. */
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { CacheMark } from '../ir/part.ts'
import type { Inner } from './keep.ts'
import type { Block, CacheControl, MessagesRequest } from './wire.ts'

/** The API refuses a request with more. @see https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching */
const MOST_MARKS = 4

export interface ReadCache {
  readonly cache?: CacheMark
  readonly inner: readonly Inner[]
}

/** Reads the member `cache_control` of a block or tool. */
export function readCache(fields: JsonObject, path: string): ReadCache {
  const control = optional(fields.cache_control, `${path}.cache_control`, expectObject)
  if (control === undefined) return { inner: [] }
  expectString(control.type, `${path}.cache_control.type`)
  const ttl = optional(control.ttl, `${path}.cache_control.ttl`, expectString)
  const known = control.type === 'ephemeral' ? ['type', 'ttl'] : ['ttl']
  return {
    cache: ttl === undefined ? {} : { ttl },
    inner: [{ name: 'cache_control', fields: control, known: new Set(known) }],
  }
}

export function writeCache(mark: CacheMark): CacheControl {
  return { type: 'ephemeral', ...(mark.ttl === undefined ? {} : { ttl: mark.ttl }) }
}

/** Takes off the oldest marks where there are too many: first of the messages, then of the system text, then of the tools. */
export function limitCacheMarks(body: MessagesRequest, report: ReportLoss): void {
  const messages = body.messages.flatMap((message, index) => markedBlocks(message.content, `messages.${index}`))
  const system = markedBlocks(body.system, 'system')
  const tools = (body.tools ?? []).flatMap((tool, index) => markedBlocks([tool as Block], `tools.${index}`))
  const automatic = isMark(body.cache_control) ? 1 : 0
  const all = [...messages, ...system, ...tools]
  const surplus = all.length + automatic - MOST_MARKS
  for (const { block, path } of all.slice(0, Math.max(0, surplus))) {
    delete block.cache_control
    report(path, `the API takes ${MOST_MARKS} cache marks; the oldest are left out`, 'changed')
  }
}

interface Marked {
  readonly block: Block
  readonly path: string
}

/** Blocks that bear a mark, those inside tool results included. */
function markedBlocks(content: unknown, path: string): Marked[] {
  if (!Array.isArray(content)) return []
  return content.flatMap((block: Block) => [
    ...(block.type === 'tool_result' ? markedBlocks(block.content, path) : []),
    ...(isMark(block.cache_control) ? [{ block, path }] : []),
  ])
}

function isMark(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
