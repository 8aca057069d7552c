/** What one URL of the hub shows: a group, or one server of it. */
import type { HubContext } from './hub-context.ts'
import type { Catalogue, GroupRules, GroupView } from './upstream/connection.ts'

export interface Scope {
  readonly group: string | undefined
  /** Only this server, under its own names and with everything passed as it is. */
  readonly server: string | undefined
}

/** @returns undefined where there is no such group, or no such server in it. */
export function rulesOfScope(context: HubContext, { group, server }: Scope): GroupRules | undefined {
  const rules = context.servers.rulesOf(group)
  if (rules === undefined || server === undefined) return rules
  return rules.servers.includes(server) ? { ...rules, servers: [server], naming: 'plain', search: false } : undefined
}

/** @param own catalogues of a session, which go before the cached ones. */
export function viewScope(context: HubContext, scope: Scope, own?: ReadonlyMap<string, Catalogue>): GroupView {
  const rules = rulesOfScope(context, scope) ?? { servers: [], naming: 'auto' }
  return context.servers.view(rules, (server) => own?.get(server) ?? context.servers.catalogueOf(server))
}
