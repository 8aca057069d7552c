/** The links to one server that are up or coming up, each for the callers that may share it, ended when nobody needs it. */
import type { Begun } from './begin-server.ts'
import type { Clock } from './clock.ts'
import type { Era } from './connection.ts'
import { UpstreamError } from './upstream-error.ts'

/** Who may use a link, and what becomes of it without them. */
export interface Sharing {
  readonly key: string
  /** How long it waits for the next caller; 0: it ends with the last one. */
  readonly idleMs: number
}

export interface PooledLink {
  /** The era is known for sure when it has begun. */
  sharing: Sharing
  readonly begun: Promise<Begun>
  ready: Begun | undefined
  /** Whether somebody's ids pass as they are. */
  hasVerbatim: boolean
  stopIdling(): void
}

export class LinkPool {
  readonly #server: string
  readonly #clock: Clock
  readonly #limit: number
  readonly #links = new Set<PooledLink>()

  /** @param limit of links at once (M82). */
  constructor(server: string, clock: Clock, limit: number) {
    this.#server = server
    this.#clock = clock
    this.#limit = limit
  }

  find(key: string): PooledLink | undefined {
    return this.#links.values().find(({ sharing }) => sharing.key === key)
  }

  /**
   * @param sharing by the era in which the server will turn out to be spoken to.
   * @param begin not called when there is no room.
   * @throws UpstreamError `overloaded`
   */
  add(sharing: Readonly<Record<Era, Sharing>>, expected: Era, begin: () => Promise<Begun>): PooledLink {
    this.#makeRoom()
    const link: PooledLink = {
      sharing: sharing[expected],
      begun: begin().then((begun) => {
        link.ready = begun
        link.sharing = sharing[begun.facts.era]
        return begun
      }),
      ready: undefined,
      hasVerbatim: false,
      stopIdling() {},
    }
    this.#links.add(link)
    link.begun.catch(() => this.#links.delete(link))
    return link
  }

  /** It has broken. */
  forget(begun: Pick<Begun, 'board'>): void {
    for (const link of this.#links) {
      if (link.ready?.board !== begun.board) continue
      link.stopIdling()
      this.#links.delete(link)
    }
  }

  /** A caller has left. */
  release(link: PooledLink): void {
    if (link.ready === undefined || link.ready.board.callers > 0 || !this.#links.has(link)) return
    link.stopIdling()
    const { idleMs } = link.sharing
    if (idleMs === 0) void this.#end(link)
    else link.stopIdling = this.#clock.after(idleMs, () => void this.#end(link))
  }

  get links(): readonly PooledLink[] {
    return [...this.#links]
  }

  async close(): Promise<void> {
    const links = [...this.#links]
    this.#links.clear()
    await Promise.all(
      links.map(async (link) => {
        link.stopIdling()
        const begun = await link.begun.catch(() => undefined)
        await begun?.board.close({ kind: 'closed', message: `The MCP server ${this.#server} was stopped.` })
      }),
    )
  }

  async #end(link: PooledLink): Promise<void> {
    this.#links.delete(link)
    await link.ready?.board.close()
  }

  #makeRoom(): void {
    if (this.#links.size < this.#limit) return
    const idle = this.#links.values().find(({ ready }) => ready?.board.callers === 0)
    if (idle === undefined) {
      const message = `The MCP server ${this.#server} has ${this.#limit} sessions already.`
      throw new UpstreamError({ kind: 'overloaded', message })
    }
    idle.stopIdling()
    void this.#end(idle)
  }
}
