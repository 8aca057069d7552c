/** Reads one list of a server whole, within limits (M60). */
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import type { Connection, ListCaching, ListKind } from '../upstream/connection.ts'

export interface ReadList {
  readonly entries: readonly JsonObject[]
  /** As a modern server has said. */
  readonly caching?: ListCaching
  /** Why there may be more than these. */
  readonly cutShort?: string
}

const METHODS: Readonly<Record<ListKind, string>> = {
  tools: 'tools/list',
  prompts: 'prompts/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
}

/** Without it there is nothing to ask for. */
const CAPABILITIES: Readonly<Record<ListKind, string>> = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  resourceTemplates: 'resources',
}

const MAX_PAGES = 100
const MAX_ENTRIES = 10_000

/**
 * @param meta of a request to a modern server.
 * @throws UpstreamError, UpstreamRefusal when a page cannot be had.
 */
export async function readList(connection: Connection, kind: ListKind, meta: JsonObject): Promise<ReadList> {
  const { facts } = connection
  const entries: JsonObject[] = []
  const cachings: (ListCaching | undefined)[] = []
  const finish = (cutShort?: string): ReadList => {
    const caching = joinCaching(cachings)
    return {
      entries: entries.slice(0, MAX_ENTRIES),
      ...(caching === undefined ? {} : { caching }),
      ...(cutShort === undefined ? {} : { cutShort }),
    }
  }
  if (facts.capabilities[CAPABILITIES[kind]] === undefined) return finish()
  const seen = new Set<unknown>()
  let cursor: unknown
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const params = {
      ...(cursor === undefined ? {} : { cursor }),
      ...(facts.era === 'modern' ? { _meta: meta } : {}),
    }
    const result = await connection.ask(METHODS[kind], params)
    const found = result[kind]
    if (Array.isArray(found)) entries.push(...found.filter(isObject))
    cachings.push(readCaching(result))
    cursor = result['nextCursor']
    if (typeof cursor !== 'string') return finish()
    if (entries.length >= MAX_ENTRIES) return finish(`has more than ${MAX_ENTRIES} entries`)
    if (seen.has(cursor)) return finish('has a page that leads back to an earlier one')
    seen.add(cursor)
  }
  return finish(`has more than ${MAX_PAGES} pages`)
}

function readCaching({ ttlMs, cacheScope }: JsonObject): ListCaching | undefined {
  if (typeof ttlMs !== 'number' || ttlMs < 0) return undefined
  return { ttlMs, cacheScope: cacheScope === 'public' ? 'public' : 'private' }
}

/** Of all pages: the shortest time, and private if one is (M33). */
function joinCaching(pages: readonly (ListCaching | undefined)[]): ListCaching | undefined {
  const known = pages.filter((caching) => caching !== undefined)
  if (known.length === 0 || known.length < pages.length) return undefined
  return {
    ttlMs: Math.min(...known.map(({ ttlMs }) => ttlMs)),
    cacheScope: known.every(({ cacheScope }) => cacheScope === 'public') ? 'public' : 'private',
  }
}
