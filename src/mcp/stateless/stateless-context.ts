/** What all stateless requests are served with; it lives as long as the hub. */
import type { HeldCalls } from '../bridge/held-calls.ts'
import type { TaskOwners } from '../client/task-owners.ts'
import type { HubContext } from '../hub-context.ts'
import type { JsonObject } from '../json-rpc.ts'
import type { ScopeViews } from '../scope-views.ts'

export interface StatelessContext {
  readonly hub: HubContext
  readonly views: ScopeViews
  readonly held: HeldCalls
  readonly serverInfo: JsonObject
  /** There is no session: the key has the task (M70). */
  tasksOf(keyId: string): TaskOwners
}
