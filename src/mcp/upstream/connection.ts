/**
 * The face of the servers behind the hub: what is below opens and keeps connections, what is above routes messages.
 * Types only.
 */
import type { JsonObject, JsonRpcMessage, RequestId } from '../json-rpc.ts'

/** `legacy` begins with `initialize` (2024-11-05 to 2025-11-25), `modern` is stateless (2026-07-28). */
export type Era = 'legacy' | 'modern'

/** Why a server did not answer: our own failure towards it, never an error that it sent. */
export interface UpstreamFailure {
  readonly kind: 'unreachable' | 'timeout' | 'closed' | 'overloaded' | 'too-large' | 'protocol' | 'cancelled'
  /** A sentence for the caller, with the server's name. Never a secret. */
  readonly message: string
  /** Of HTTP, where the server answered with one and nothing else. */
  readonly status?: number
}

/** What a server said of itself in `initialize` or `server/discover`. */
export interface ServerFacts {
  readonly era: Era
  /** Of the connection: the version that was negotiated. */
  readonly protocolVersion: string
  readonly capabilities: JsonObject
  readonly serverInfo?: JsonObject
  readonly instructions?: string
  /** The whole result of `initialize` or `server/discover`, as it was sent. */
  readonly result: JsonObject
}

/** Told of what comes from the server, in its order, never before `open` has resolved. */
export interface ConnectionListener {
  /**
   * An answer, a request or a notification of the server, as it was sent.
   *
   * @param relatedTo the request on whose stream it came; absent where the transport does not tell (stdio, HTTP+SSE,
   *   the standalone stream). An answer needs none.
   */
  message(message: JsonRpcMessage, relatedTo: RequestId | undefined): void
  /** This request gets no answer any more. Called at most once per request, and never after its answer. */
  failed(id: RequestId, failure: UpstreamFailure): void
  /** The connection is gone by itself; `failed` was called for each request that was open. */
  closed(failure: UpstreamFailure): void
}

/**
 * One private space of ids towards one server. Whether a process or an HTTP session stands behind it alone or is shared
 * with others is hidden: where it is shared, ids, progress tokens and subscription ids are mapped inside (M49).
 *
 * Inside, too: time limits and their renewal by progress, with a token of our own where the client gave none (M52, M86);
 * the limit of calls at once (M87); the cap on results (M62); a lost HTTP session begun anew (M83); all HTTP headers (M30, M31).
 */
export interface Connection {
  readonly server: string
  readonly facts: ServerFacts
  /**
   * Sends a message as it is. To a `modern` server the caller has written `_meta` whole.
   *
   * `notifications/cancelled` ends the request that it names in the way of this hop (M95), and nothing comes for that
   * request afterwards. Never throws: what cannot be sent is told by `failed`; a lost notification by nothing.
   *
   * @param options.relatedTo for an answer to a request of the server, as `message` gave it.
   */
  send(message: JsonRpcMessage, options?: { readonly relatedTo?: RequestId }): void
  /**
   * A request of our own, out of the listener's sight; its id can meet no other.
   *
   * @param params to a `modern` server with `_meta` whole.
   * @throws UpstreamError when no answer comes; UpstreamRefusal with the error that the server answered.
   */
  ask(method: string, params: JsonObject | undefined, signal?: AbortSignal): Promise<JsonObject>
  /** Gives it back. Open requests are cancelled; the listener hears nothing more. */
  close(): void
}

/** As they came, names in lower case. */
export type ClientHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

export interface OpenOptions {
  /** The era of the client: a server of both eras is spoken to in it (M91). */
  readonly era: Era
  /** What the client asked for. */
  readonly protocolVersion: string
  /** Verbatim (M55); a shared connection declares none of sampling, elicitation and roots. */
  readonly clientCapabilities: JsonObject
  readonly clientInfo?: JsonObject
  /** Of the request for which it is opened; what of them the server is told, its configuration says (M88). */
  readonly clientHeaders?: ClientHeaders
  /**
   * Who may be served by one and the same connection to the server: callers with an equal string, and nobody else.
   * A session gives a string of its own, a stateless caller its key and group. Towards a legacy server callers that declare
   * other capabilities are others, too (M91): the connection was begun with them.
   */
  readonly owner: string
  readonly listener: ConnectionListener
  /** Ends the waiting for a start; the start itself goes on for others. */
  readonly signal: AbortSignal
}

/** All lists of one server, whole, each entry as the server sent it. */
export interface Catalogue {
  readonly server: string
  readonly facts: ServerFacts
  readonly tools: readonly JsonObject[]
  readonly prompts: readonly JsonObject[]
  readonly resources: readonly JsonObject[]
  readonly resourceTemplates: readonly JsonObject[]
  /** `ttlMs` and `cacheScope` that a modern server gave, by list; absent: none. */
  readonly caching?: Readonly<Partial<Record<ListKind, ListCaching>>>
}

export type ListKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates'

export interface ListCaching {
  readonly ttlMs: number
  readonly cacheScope: 'public' | 'private'
}

/** What one URL shows: a group, or one server of it. */
export interface GroupRules {
  /** Names of the enabled servers in configuration order. */
  readonly servers: readonly string[]
  readonly naming: 'prefix' | 'plain' | 'auto'
  /** Filters, overrides and what else naming needs; the routing does not look at it. */
  readonly [more: string]: unknown
}

/** Where a name leads. */
export interface Owned {
  readonly server: string
  /** As that server calls it. */
  readonly name: string
}

/** The names and lists that a client of one URL sees (M64 to M67, M115). A pure function of rules and catalogues. */
export interface GroupView {
  /** Renamed, filtered, in order. */
  readonly lists: Readonly<Record<ListKind, readonly JsonObject[]>>
  /** What is to be found instead of listed, as it would be listed; absent: nothing (M110). */
  readonly searched?: readonly JsonObject[]
  /** Tolerant (M66); where nothing fits, up to three near names. */
  findTool(name: string): Owned | { readonly near: readonly string[] }
  findPrompt(name: string): Owned | { readonly near: readonly string[] }
  /** The server that listed it, then templates, then configuration order. */
  findResource(uri: string): string | undefined
  /** Whether this tool may be called once more when its server was lost: the group says so, and the tool (M84). */
  isHarmless(name: string): boolean
  /** What clients call a tool of this server; absent where it is not shown. */
  nameTool(server: string, name: string): string | undefined
}

/** Everything below the routing. */
export interface UpstreamServers {
  /** @returns undefined where there is no such group. Absent group: the default one. */
  rulesOf(group: string | undefined): GroupRules | undefined
  /** From the cache; starts nothing. Absent: not known yet; a start in the background has been asked for (M77). */
  catalogueOf(server: string): Catalogue | undefined
  view(rules: GroupRules, catalogueOf: (server: string) => Catalogue | undefined): GroupView
  /** @throws UpstreamError when the server cannot be reached in time. */
  open(server: string, options: OpenOptions): Promise<Connection>
  /** Reads all lists over a connection that is open already, within limits (M60); what fails is an empty list. */
  readLists(
    connection: Connection,
    kinds: readonly ListKind[],
  ): Promise<Partial<Record<ListKind, readonly JsonObject[]>>>
  /**
   * Called when catalogues or rules have changed, at once and perhaps often. A `list_changed` of any connection has the lists
   * of its server read anew; a modern server is listened to for that (`subscriptions/listen`) as long as a connection is open.
   *
   * @param server absent: the configuration.
   * @returns stops it.
   */
  onChange(changed: (server: string | undefined) => void): () => void
  /** Ends all processes and connections. */
  close(): Promise<void>
}
