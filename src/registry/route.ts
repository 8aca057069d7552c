/** What stands behind a name that a request may ask for. */
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import type { ChatSettings } from '../../protocols/ir/request.ts'
import type { ServedProvider } from './served-provider.ts'

export interface RouteTarget {
  readonly served: ServedProvider
  /** The model's name at the provider. */
  readonly model: string
  readonly facts: ModelFacts
  /** Share among the targets of the same priority. */
  readonly weight: number
  /** Lower numbers are tried first. */
  readonly priority: number
  readonly parameters?: Partial<ChatSettings>
}

export interface Route {
  /** For messages: `alias fast`. */
  readonly title: string
  readonly targets: readonly RouteTarget[]
}

/** The one target of a model that is named outright. */
export function nameTarget(served: ServedProvider, model: string, priority = 0): RouteTarget {
  return { served, model, facts: served.describe(model), weight: 1, priority }
}
