/** What stands behind a name that a request may ask for, or behind what a request is. */
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import type { ChatSettings } from '../../protocols/ir/request.ts'
import type { Target } from '../providers/target.ts'
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
  readonly parameters: Partial<ChatSettings> | undefined
  /** One for each key of the provider, or one without a key. */
  readonly entries: readonly [Target, ...Target[]]
}

export interface Route {
  /** For messages: `alias fast`. */
  readonly title: string
  /** By priority; those of one priority in the order in which they were given. */
  readonly targets: readonly RouteTarget[]
}

export interface TargetOptions {
  readonly weight?: number
  readonly priority?: number
  /** An empty one is as good as none. */
  readonly parameters?: Partial<ChatSettings>
}

/** A model of a provider as a target. */
export function createRouteTarget(
  served: ServedProvider,
  model: string,
  { weight = 1, priority = 0, parameters = {} }: TargetOptions = {},
): RouteTarget {
  const filled = Object.keys(parameters).length === 0 ? undefined : parameters
  return new LazyTarget(served, model, weight, priority, filled)
}

/**
 * Looks up what is known of its model when somebody first asks. A change of a provider makes all its targets anew, and of
 * ten thousand aliases few are asked for before the next change: looking up all of them took 50 ms of each.
 */
class LazyTarget implements RouteTarget {
  readonly served: ServedProvider
  readonly model: string
  readonly weight: number
  readonly priority: number
  readonly parameters: Partial<ChatSettings> | undefined
  #entries: RouteTarget['entries'] | undefined

  constructor(
    served: ServedProvider,
    model: string,
    weight: number,
    priority: number,
    parameters: Partial<ChatSettings> | undefined,
  ) {
    this.served = served
    this.model = model
    this.weight = weight
    this.priority = priority
    this.parameters = parameters
  }

  get facts(): ModelFacts {
    return this.entries[0].facts
  }

  get entries(): RouteTarget['entries'] {
    this.#entries ??= this.#spreadKeys()
    return this.#entries
  }

  #spreadKeys(): RouteTarget['entries'] {
    const { served, model, parameters } = this
    const filled = parameters === undefined ? {} : { parameters }
    const entry: Target = { provider: served.provider, model, facts: served.describe(model), ...filled }
    const [first, ...rest] = served.keys
    return first === undefined ? [entry] : [{ ...entry, key: first }, ...rest.map((key) => ({ ...entry, key }))]
  }
}

export function createRoute(title: string, targets: readonly RouteTarget[]): Route {
  return { title, targets: targets.toSorted((one, other) => one.priority - other.priority) }
}
