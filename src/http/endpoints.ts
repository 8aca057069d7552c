/** Which codec serves a protocol path: built once from what the codecs declare, then a few map look-ups per request. */
import type { Codec, Endpoint, HeaderMap } from '../../protocols/codec.ts'
import { suggestEndpoint } from './suggest-endpoint.ts'

/** A path of a codec that fits the request. */
export interface FoundEndpoint {
  readonly kind: 'found'
  readonly codec: Codec
  readonly endpoint: Endpoint
  /** Values of the names in braces. */
  readonly params: Readonly<Record<string, string>>
}

/** No codec serves this; `codec` is the one whose error envelope the caller most likely reads. */
export interface MissedEndpoint {
  readonly kind: 'unknown-path' | 'wrong-method'
  readonly codec: Codec
  /** Methods that this path does have, when the method was wrong. */
  readonly allowed?: readonly string[]
  /** The protocol path that was probably meant, without group and mode. */
  readonly nearest?: string
}

export interface EndpointTable {
  /**
   * @param method as in the request line; `HEAD` is served as `GET`.
   * @param path decoded segments, as `locate` gives them.
   * @param headers lower case; they tell protocols apart that share a path.
   */
  find(method: string, path: readonly string[], headers: HeaderMap): FoundEndpoint | MissedEndpoint
}

/** One entry per codec and endpoint. */
interface Entry {
  readonly codec: Codec
  readonly endpoint: Endpoint
}

/** A segment of the table; `rest` and `one` are names in braces. */
interface Node {
  readonly fixed: Map<string, Node>
  one?: { readonly name: string; readonly node: Node }
  rest?: Rest
  readonly entries: Entry[]
}

/** A name that takes all that is left; or all but its ending, where that is one of these words. */
interface Rest {
  readonly name: string
  readonly entries: Entry[]
  readonly endings: Map<string, Entry[]>
}

/** @param codecs at least one; the first is assumed of callers who show no other. */
export function createEndpointTable(codecs: readonly Codec[]): EndpointTable {
  const first = codecs[0]
  if (first === undefined) throw new Error('an endpoint table needs at least one codec')
  const root = makeNode()
  for (const codec of codecs) {
    for (const endpoint of codec.endpoints) addEndpoint(root, codec, endpoint)
  }

  return {
    find(method, path, headers) {
      const match = walk(root, path, 0)
      const wanted = method === 'HEAD' ? 'GET' : method
      if (match === undefined) {
        const codec = recognizeCodec(codecs, headers) ?? first
        const nearest = suggestEndpoint(codecs, codec, path)
        return nearest === undefined
          ? { kind: 'unknown-path', codec }
          : { kind: 'unknown-path', codec: nearest.codec, nearest: nearest.path }
      }
      const served = match.entries.filter((entry) => entry.endpoint.method === wanted)
      const entry = chooseEntry(served, headers)
      if (entry !== undefined) {
        return { kind: 'found', codec: entry.codec, endpoint: entry.endpoint, params: match.params }
      }
      const [actor] = match.entriesOfActions
      if (actor !== undefined && (actor.endpoint.method === wanted || match.entries.length === 0)) {
        return { kind: 'unknown-path', codec: actor.codec }
      }
      const codec = chooseEntry(match.entries, headers)?.codec ?? first
      return { kind: 'wrong-method', codec, allowed: [...new Set(match.entries.map((one) => one.endpoint.method))] }
    },
  }
}

function makeNode(): Node {
  return { fixed: new Map(), entries: [] }
}

function addEndpoint(root: Node, codec: Codec, endpoint: Endpoint): void {
  const segments = endpoint.path.split('/').slice(1)
  let node = root
  for (const [index, segment] of segments.entries()) {
    const name = readName(segment)
    const last = index === segments.length - 1 ? readLast(segment) : undefined
    if (last !== undefined) {
      node.rest ??= { name: last.name, entries: [], endings: new Map() }
      entriesFor(node.rest, last.ending).push({ codec, endpoint })
      return
    }
    node = name === undefined ? enterFixed(node, segment) : enterNamed(node, name)
  }
  node.entries.push({ codec, endpoint })
}

function readName(segment: string): string | undefined {
  return segment.startsWith('{') && segment.endsWith('}') ? segment.slice(1, -1) : undefined
}

/** `{model}` and `{model}:ending`. */
function readLast(segment: string): { readonly name: string; readonly ending: string } | undefined {
  const [, name, ending = ''] = /^\{([^}]*)\}(?::(.+))?$/.exec(segment) ?? []
  return name === undefined ? undefined : { name, ending }
}

function entriesFor(rest: Rest, ending: string): Entry[] {
  if (ending === '') return rest.entries
  let entries = rest.endings.get(ending)
  if (entries === undefined) {
    entries = []
    rest.endings.set(ending, entries)
  }
  return entries
}

function enterFixed(node: Node, segment: string): Node {
  const known = node.fixed.get(segment)
  if (known !== undefined) return known
  const next = makeNode()
  node.fixed.set(segment, next)
  return next
}

function enterNamed(node: Node, name: string): Node {
  node.one ??= { name, node: makeNode() }
  return node.one.node
}

interface Match {
  readonly entries: readonly Entry[]
  readonly params: Readonly<Record<string, string>>
  /** What looks like an unknown ending stands behind the name: what is served where it is a known one. */
  readonly entriesOfActions: readonly Entry[]
}

/** Fixed segments go before names in braces, one segment before all that is left. */
function walk(node: Node, path: readonly string[], at: number): Match | undefined {
  const segment = path[at]
  if (segment === undefined)
    return node.entries.length === 0 ? undefined : { entries: node.entries, params: {}, entriesOfActions: [] }
  const fixed = node.fixed.get(segment)
  if (fixed !== undefined) {
    const match = walk(fixed, path, at + 1)
    if (match !== undefined) return match
  }
  if (node.one !== undefined) {
    const match = walk(node.one.node, path, at + 1)
    if (match !== undefined) return { ...match, params: { ...match.params, [node.one.name]: segment } }
  }
  return node.rest === undefined ? undefined : matchRest(node.rest, path.slice(at).join('/'))
}

/** Names hold colons and slashes themselves, so that only what follows the last one can be an ending. */
function matchRest(rest: Rest, left: string): Match | undefined {
  for (const mark of [':', '/']) {
    const at = left.lastIndexOf(mark)
    const entries = at > 0 ? rest.endings.get(left.slice(at + 1)) : undefined
    if (entries !== undefined) return { entries, params: { [rest.name]: left.slice(0, at) }, entriesOfActions: [] }
  }
  const entriesOfActions = left.includes(':') ? [...rest.endings.values()].flat() : []
  if (rest.entries.length === 0 && entriesOfActions.length === 0) return undefined
  return { entries: rest.entries, params: { [rest.name]: left }, entriesOfActions }
}

/** The endpoint whose header the caller sends, else the one that asks for none, else whichever there is. */
function chooseEntry(entries: readonly Entry[], headers: HeaderMap): Entry | undefined {
  if (entries.length < 2) return entries[0]
  return (
    entries.find(({ endpoint }) => endpoint.header !== undefined && headers[endpoint.header] !== undefined) ??
    entries.find(({ endpoint }) => endpoint.header === undefined) ??
    entries[0]
  )
}

/** The codec of which most headers are there. */
function recognizeCodec(codecs: readonly Codec[], headers: HeaderMap): Codec | undefined {
  let best: Codec | undefined
  let bestCount = 0
  for (const codec of codecs) {
    const own = new Set(codec.endpoints.flatMap((endpoint) => endpoint.header ?? []))
    for (const name of codec.forwardedHeaders) own.add(name)
    let count = 0
    for (const name of Object.keys(headers)) {
      if (own.has(name)) count += 1
    }
    if (count > bestCount) [best, bestCount] = [codec, count]
  }
  return best
}
