/** How the file and the management API write down a route: a target, and what is tried after it. */
import { PARAMETERS_SCHEMA } from './parameters.ts'
import {
  type ConfiguredTarget,
  readTargets,
  TARGET_PROPERTIES,
  TARGETS_SCHEMA,
  type WrittenTarget,
} from './target-notation.ts'

/** What a route is in the guide, with fallbacks beside it; or anything that an alias may lead to. */
export type WrittenRoute = WrittenTarget | readonly WrittenTarget[] | RouteObject

type RouteObject = Exclude<WrittenTarget, string> & {
  /** Tried in this order after the route's own target; they take its parameters over, where they have none of their own. */
  readonly fallbacks?: readonly WrittenTarget[]
  /** Taken and without effect (X13). */
  readonly conditions?: readonly unknown[]
}

/** JSON Schema of `WrittenRoute`. */
export const ROUTE_SCHEMA = {
  ...TARGETS_SCHEMA,
  properties: {
    ...TARGET_PROPERTIES,
    parameters: PARAMETERS_SCHEMA,
    fallbacks: {
      type: 'array',
      items: TARGETS_SCHEMA.items,
      description: "Tried in this order when the route's own target fails.",
    },
    conditions: { type: 'array', description: 'Taken and without effect.' },
  },
} as const

/** @param written valid by `ROUTE_SCHEMA`. @returns the targets in the order in which they are tried: a fallback has the priority behind that of the one before. */
export function readRoute(written: WrittenRoute): readonly ConfiguredTarget[] {
  if (!isRouteObject(written)) return readTargets(written)
  const { fallbacks = [], conditions: _, ...own } = written
  const targets = [...readTargets(own)]
  for (const fallback of fallbacks) {
    const [target] = readTargets(fallback)
    const before = targets.at(-1)
    if (target === undefined || before === undefined) continue
    targets.push({
      ...target,
      priority: typeof fallback === 'string' ? before.priority + 1 : (fallback.priority ?? before.priority + 1),
      parameters: { ...targets[0]?.parameters, ...target.parameters },
    })
  }
  return targets
}

function isRouteObject(written: WrittenRoute): written is RouteObject {
  return typeof written === 'object' && !Array.isArray(written)
}
