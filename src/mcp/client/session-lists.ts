/** The lists that a session sees: of servers that run for it their own, of the others the cached ones (M58). */
import type { HubContext } from '../hub-context.ts'
import { type Scope, viewScope } from '../scope.ts'
import type { ScopeViews } from '../scope-views.ts'
import type { Catalogue, Connection, GroupView, ListKind } from '../upstream/connection.ts'

export class SessionLists {
  readonly #context: HubContext
  readonly #views: ScopeViews
  readonly #scope: Scope
  readonly #own = new Map<string, Catalogue>()
  /** Kinds that were read over the session's own connection and have not changed since. */
  readonly #fresh = new Map<Connection, Set<ListKind>>()
  #view: GroupView | undefined

  constructor(context: HubContext, views: ScopeViews, scope: Scope) {
    this.#context = context
    this.#views = views
    this.#scope = scope
  }

  view(): GroupView {
    if (this.#own.size === 0) return this.#views.of(this.#scope)
    this.#view ??= viewScope(this.#context, this.#scope, this.#own)
    return this.#view
  }

  /** Something below has changed: the view is built again. */
  forgetView(): void {
    this.#view = undefined
  }

  /** Reads anew what has changed; a server that does not answer in time keeps the list that was known (M80). */
  async refresh(connections: Iterable<Connection>, kind: ListKind): Promise<void> {
    const stale = [...connections].filter((connection) => this.#fresh.get(connection)?.has(kind) !== true)
    if (stale.length === 0) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#context.times.listMs)
    })
    await Promise.race([late, Promise.all(stale.map((connection) => this.read(connection, [kind])))])
    clearTimeout(timer)
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
    this.forgetView()
  }

  changed(connection: Connection, kinds: readonly ListKind[]): void {
    for (const kind of kinds) this.#fresh.get(connection)?.delete(kind)
  }

  /** The server does not run for this session any more. */
  drop(connection: Connection): void {
    this.#fresh.delete(connection)
    this.#own.delete(connection.server)
    this.forgetView()
  }
}
