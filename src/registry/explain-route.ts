/** Tells which targets of a route would be tried, and why not the others. */
import type { Glance } from '../../protocols/codec.ts'
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import { listMissing } from './check-capabilities.ts'
import type { Health } from './health.ts'
import type { RouteTarget } from './route.ts'
import type { FoundRoute } from './served-group.ts'
import type { Resolution, RouteExplanation } from './snapshot.ts'

/** @param resolve may throw what the request would be answered. */
export function explainRoute(
  { route, rule }: FoundRoute,
  needs: Glance['needs'],
  health: Health,
  resolve: () => Resolution,
): Pick<RouteExplanation, 'rule' | 'title' | 'targets' | 'leftOut' | 'refusal'> {
  const { targets, refusal } = tryToResolve(resolve)
  const tried = new Set(targets.map(({ provider, model }) => `${provider.name}/${model}`))
  const leftOut = route.targets
    .filter(({ served, model }) => !tried.has(`${served.provider.name}/${model}`))
    .map((target) => ({
      provider: target.served.provider.name,
      model: target.model,
      reason: findReason(target, needs, health),
    }))
  return { rule, title: route.title, targets, leftOut, ...(refusal === undefined ? {} : { refusal }) }
}

function tryToResolve(resolve: () => Resolution): {
  readonly targets: Resolution['targets']
  readonly refusal?: ApiError
} {
  try {
    return { targets: resolve().targets }
  } catch (failure) {
    if (failure instanceof ApiFailure) return { targets: [], refusal: failure.error }
    throw failure
  }
}

function findReason(target: RouteTarget, needs: Glance['needs'], health: Health): string {
  const { problem } = target.served
  if (problem !== undefined) return problem
  const missing = listMissing(target, needs)
  if (missing.length > 0) return `cannot ${missing.join(' and ')}`
  const [entry] = target.entries
  const seconds = Math.ceil(health.closedForMs(entry) / 1000)
  return `failed again and again, and is tried again in ${seconds} seconds`
}
