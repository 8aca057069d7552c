/** The views of all scopes, each built once and again when something below it has changed. */
import { createFirstLists, type FirstLists } from './first-lists.ts'
import type { HubContext } from './hub-context.ts'
import { CHANGE_OF_KIND, LIST_KINDS } from './lists.ts'
import { type Scope, viewScope } from './scope.ts'
import type { GroupView } from './upstream/connection.ts'

export interface ScopeViews {
  readonly first: FirstLists
  of(scope: Scope): GroupView
  /**
   * Watches lists. Changes that come together are told once, and only if they are to be seen (M58).
   *
   * @param changed is given the notifications' methods.
   * @param look at what is listed now.
   * @param ignores servers whose changes the watcher learns in another way.
   */
  watch(
    changed: (methods: ReadonlySet<string>) => void,
    look: () => GroupView,
    ignores?: (server: string) => boolean,
  ): ListWatch
  close(): void
}

export interface ListWatch {
  /** What is listed now is known to the watcher already. */
  settle(): void
  stop(): void
}

export function createScopeViews(context: HubContext): ScopeViews {
  const built = new Map<string, GroupView>()
  const watchers = new Set<Watcher>()
  const view = (scope: Scope): GroupView => {
    const key = JSON.stringify([scope.group ?? null, scope.server ?? null])
    const known = built.get(key) ?? viewScope(context, scope)
    built.set(key, known)
    return known
  }
  const stop = context.servers.onChange((server) => {
    built.clear()
    for (const watcher of watchers) watcher.wake(server)
  })

  return {
    first: createFirstLists(context),
    of: view,
    watch(changed, look, ignores = () => false) {
      const watcher = new Watcher(look, context.times.debounceMs, changed, ignores)
      watchers.add(watcher)
      return {
        settle: () => watcher.settle(),
        stop() {
          watchers.delete(watcher)
          watcher.stop()
        },
      }
    },
    close() {
      stop()
      for (const watcher of watchers) watcher.stop()
      watchers.clear()
    },
  }
}

class Watcher {
  readonly #look: () => GroupView
  readonly #waitMs: number
  readonly #changed: (methods: ReadonlySet<string>) => void
  readonly #ignores: (server: string) => boolean
  #seen: GroupView
  #timer: NodeJS.Timeout | undefined

  constructor(
    look: () => GroupView,
    waitMs: number,
    changed: (methods: ReadonlySet<string>) => void,
    ignores: (server: string) => boolean,
  ) {
    this.#look = look
    this.#waitMs = waitMs
    this.#changed = changed
    this.#ignores = ignores
    this.#seen = look()
  }

  wake(server: string | undefined): void {
    if (server !== undefined && this.#ignores(server)) return
    this.#timer ??= setTimeout(this.#compare, this.#waitMs)
  }

  settle(): void {
    this.#seen = this.#look()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #compare = (): void => {
    this.#timer = undefined
    const before = this.#seen
    const now = this.#look()
    this.#seen = now
    const kinds = LIST_KINDS.filter((kind) => JSON.stringify(before.lists[kind]) !== JSON.stringify(now.lists[kind]))
    if (kinds.length > 0) this.#changed(new Set(kinds.map((kind) => CHANGE_OF_KIND[kind])))
  }
}
