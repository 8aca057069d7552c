/**
 * Waits for the very first lists. Where no server of a scope was ever seen a client would be told that there is nothing at
 * all, and many a client never asks again. Once anything is known nobody waits (M77, M80).
 */
import type { HubContext } from './hub-context.ts'
import { rulesOfScope, type Scope } from './scope.ts'

export interface FirstLists {
  /** Resolves at once, or with the first lists, or when the time is over; each server is waited for once. */
  wait(scope: Scope): Promise<void>
}

export function createFirstLists(context: HubContext): FirstLists {
  const waited = new Set<string>()
  return {
    async wait(scope) {
      const servers = rulesOfScope(context, scope)?.servers ?? []
      // Every one is looked up, not the first alone: those that are old are read anew (M33).
      const isKnown = (): boolean =>
        servers.filter((server) => context.servers.catalogueOf(server) !== undefined).length > 0
      if (isKnown() || servers.every((server) => waited.has(server))) return
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          stop()
          resolve()
        }
        const timer = setTimeout(done, context.times.firstListMs)
        const stop = context.servers.onChange(() => {
          if (isKnown()) done()
        })
      })
      for (const server of servers) waited.add(server)
    },
  }
}
