/** Whom a message of a server is for, where several callers share one link. */
import type { JsonObject, JsonRpcNotification, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { META } from '../revisions.ts'
import { keyOfId } from './id-key.ts'
import { metaOf, subscriptionOf } from './mapped-members.ts'

export interface OpenRequest<Port> {
  readonly port: Port
  /** As its caller calls it. */
  readonly id: RequestId
  /** As the server knows it. */
  readonly wireId: RequestId
  readonly method: string
  readonly params: JsonObject | undefined
}

/** What is going on over a link. */
export interface Traffic<Port> {
  /** Callers that hear what is meant for no request. */
  readonly ports: ReadonlySet<Port>
  /** By the key of the id on the wire; the youngest is last. */
  readonly open: ReadonlyMap<string, OpenRequest<Port>>
  /** By the key of the progress token on the wire. */
  readonly tokens: ReadonlyMap<string, { readonly port: Port }>
  /** The callers are strangers: what cannot be told to be one's is nobody's. */
  readonly isShared: boolean
}

/** Told to everybody: they name nothing that is anybody's. */
const FOR_ALL: ReadonlySet<string> = new Set([
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
])

/**
 * A message belongs to the request on whose stream it came; else to whom it names; else, among callers that belong
 * together, to the one whose request is the youngest (M54).
 */
export function chooseReceivers<Port extends { readonly watched: ReadonlySet<string> }>(
  message: JsonRpcRequest | JsonRpcNotification,
  related: OpenRequest<Port> | undefined,
  traffic: Traffic<Port>,
): readonly Port[] {
  const { ports, open, tokens, isShared } = traffic
  const { method, params } = message
  if (method === 'notifications/progress') return portsOf(tokens.get(keyOfId(params?.['progressToken'])))
  if (related !== undefined) return [related.port]
  const subscription = subscriptionOf(message)
  if (subscription !== undefined) return portsOf(open.get(keyOfId(subscription)))
  if (FOR_ALL.has(method)) return [...ports]
  if (method === 'notifications/resources/updated') return findWatching(String(params?.['uri']), traffic)
  if (isShared) return method === 'notifications/message' ? findLogReader(open) : []
  if (ports.size === 1) return [...ports]
  const youngest = [...open.values()].findLast(({ port }) => ports.has(port))
  return youngest === undefined ? [...ports].slice(-1) : [youngest.port]
}

/** A server may tell of a part of what is watched; strangers hear only of what they have named. */
function findWatching<Port extends { readonly watched: ReadonlySet<string> }>(
  uri: string,
  { ports, isShared }: Traffic<Port>,
): readonly Port[] {
  const watching = [...ports].filter(({ watched }) => watched.has(uri))
  return watching.length > 0 || isShared ? watching : [...ports]
}

/** Lines name no request: only where a single one has asked for them it is clear whose they are (M94). */
function findLogReader<Port>(open: ReadonlyMap<string, OpenRequest<Port>>): readonly Port[] {
  const readers = [...open.values()].filter(({ params }) => metaOf(params)?.[META.logLevel] !== undefined)
  return readers.length === 1 ? portsOf(readers[0]) : []
}

function portsOf<Port>(owner: { readonly port: Port } | undefined): readonly Port[] {
  return owner === undefined ? [] : [owner.port]
}
