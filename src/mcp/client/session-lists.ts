/** The lists that a session sees: of servers that run for it their own, of the others the cached ones (M58). */
import type { HubContext } from '../hub-context.ts'
import { type Scope, viewScope } from '../scope.ts'
import type { ScopeViews } from '../scope-views.ts'
import type { Catalogue, Connection, GroupView, ListKind } from '../upstream/connection.ts'
import { withinTime } from '../within-time.ts'

export class SessionLists {
  readonly #context: HubContext
  readonly #views: ScopeViews
  readonly #scope: Scope
  readonly #own = new Map<string, Catalogue>()
  /** Kinds that were read over the session's own connection and have not changed since. */
  readonly #fresh = new Map<Connection, Set<ListKind>>()
  readonly #onRead: () => void
  #view: GroupView | undefined
  #builtWith: GroupView | undefined

  /** @param onRead the session has a list of its own now. */
  constructor(context: HubContext, views: ScopeViews, scope: Scope, onRead: () => void) {
    this.#onRead = onRead
    this.#context = context
    this.#views = views
    this.#scope = scope
  }

  view(): GroupView {
    const shared = this.#views.of(this.#scope)
    if (this.#own.size === 0) return shared
    // Built again with every change of what is below it.
    if (this.#view === undefined || this.#builtWith !== shared) {
      this.#view = viewScope(this.#context, this.#scope, this.#own)
      this.#builtWith = shared
    }
    return this.#view
  }

  /** Reads anew what has changed; a server that does not answer in time keeps the list that was known (M80). */
  async refresh(connections: Iterable<Connection>, kind: ListKind): Promise<void> {
    await this.#views.first.wait(this.#scope)
    const stale = [...connections].filter((connection) => this.#fresh.get(connection)?.has(kind) !== true)
    if (stale.length === 0) return
    await withinTime(Promise.all(stale.map((connection) => this.read(connection, [kind]))), this.#context.times.listMs)
  }

  async read(connection: Connection, kinds: readonly ListKind[]): Promise<void> {
    // Told before the answer comes: what changes meanwhile is stale again.
    const fresh = this.#fresh.get(connection) ?? new Set()
    this.#fresh.set(connection, fresh)
    for (const kind of kinds) fresh.add(kind)
    const { server, facts } = connection
    const read = await this.#context.servers.readLists(connection, kinds).catch(() => ({}))
    if (!this.#fresh.has(connection)) return
    const known = this.#own.get(server) ?? this.#context.servers.catalogueOf(server)
    const empty = { tools: [], prompts: [], resources: [], resourceTemplates: [] }
    this.#own.set(server, { ...empty, ...known, server, facts, ...read })
    this.#view = undefined
    this.#onRead()
  }

  changed(connection: Connection, kinds: readonly ListKind[]): void {
    for (const kind of kinds) this.#fresh.get(connection)?.delete(kind)
  }

  /** The server does not run for this session any more. */
  drop(connection: Connection): void {
    this.#fresh.delete(connection)
    this.#own.delete(connection.server)
    this.#view = undefined
  }
}
