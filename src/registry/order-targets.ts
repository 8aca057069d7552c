/** Brings the targets of a route into the order in which they are to be tried. */
import type { Target } from '../providers/target.ts'
import type { RouteTarget } from './route.ts'
import type { ServedProvider } from './served-provider.ts'

/** What chance and turn-taking come from. */
export interface Draw {
  /** At least 0, below 1. */
  random(): number
  /** Counts up by one at every call for this provider. */
  nextTurn(provider: string): number
}

/**
 * By priority; within one priority shuffled so that the first place goes to each target in proportion to its weight; each
 * once per key of its provider, beginning with another key every time. Weights hold for targets, however many keys they
 * have (lesson 18).
 */
export function orderTargets(targets: readonly RouteTarget[], draw: Draw): readonly Target[] {
  const [only] = targets
  if (targets.length === 1 && only !== undefined) return spreadKeys(only, draw)
  const drawn = targets.map((target) => ({ target, place: drawPlace(target.weight, draw) }))
  drawn.sort((one, other) => one.target.priority - other.target.priority || one.place - other.place)
  return drawn.flatMap((entry) => spreadKeys(entry.target, draw))
}

/**
 * A waiting time with the weight as its rate: the earliest of several is each one's in proportion to its weight.
 * @see https://doi.org/10.1016/j.ipl.2005.11.003 Efraimidis and Spirakis, weighted random sampling
 */
function drawPlace(weight: number, draw: Draw): number {
  return -Math.log(1 - draw.random()) / weight
}

function spreadKeys(target: RouteTarget, draw: Draw): readonly Target[] {
  const { provider, keys } = target.served
  const entry: Target = {
    provider,
    model: target.model,
    facts: target.facts,
    ...(target.parameters === undefined ? {} : { parameters: target.parameters }),
  }
  if (keys.length === 0) return [entry]
  const start = keys.length === 1 ? 0 : draw.nextTurn(provider.name) % keys.length
  return [...keys.slice(start), ...keys.slice(0, start)].map((key) => ({ ...entry, key }))
}

/** Counts the turns of each provider, over all states of the registry. */
export function countTurns(): (provider: ServedProvider['provider']['name']) => number {
  const turns = new Map<string, number>()
  return (provider) => {
    const turn = turns.get(provider) ?? 0
    turns.set(provider, (turn + 1) % Number.MAX_SAFE_INTEGER)
    return turn
  }
}
