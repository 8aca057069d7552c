/** Leaves targets alone that failed again and again, and puts keys that rest behind those that do not. */
import type { Target } from '../providers/target.ts'
import { refuseOpen } from './explain-miss.ts'
import type { Health } from './health.ts'
import type { Route } from './route.ts'

/** @throws ApiFailure `unavailable` with the time of the next try when every target is left alone (A130). */
export function selectWell(route: Route, targets: readonly Target[], health: Health): readonly Target[] {
  if (health.allWell) return targets
  const admitted = targets.filter((target) => health.closedForMs(target) === 0)
  if (admitted.length === 0) {
    refuseOpen(route, Math.min(...targets.map((target) => health.closedForMs(target))))
  }
  const resting = admitted.filter((target) => health.coolingForMs(target) > 0)
  if (resting.length === 0) return admitted
  const rested = admitted.filter((target) => !resting.includes(target))
  // Who rests least is tried first of those.
  resting.sort((one, other) => health.coolingForMs(one) - health.coolingForMs(other))
  return [...rested, ...resting]
}
