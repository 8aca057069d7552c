/** Brings the targets of a route into the order in which they are to be tried. */
import type { BalancingStrategy } from '../config/group-policy.ts'
import type { Target } from '../providers/target.ts'
import type { Health } from './health.ts'
import { drawPlace, orderByConversation } from './place.ts'
import type { Route, RouteTarget } from './route.ts'

/** What chance and turn-taking come from. */
export interface Draw {
  /** At least 0, below 1. */
  random(): number
  /** Counts up by one at every call for this name. */
  nextTurn(name: string): number
}

/** What a request brings to the order. */
export interface Occasion {
  readonly draw: Draw
  /** Absent: nothing is busy. */
  readonly health?: Health
  /** The same for every request of one conversation; absent: nobody knows it. */
  conversation?(): string
}

/** Orders the targets of one priority; each stands in it once for each key of its provider. */
type Strategy = (targets: readonly RouteTarget[], occasion: Occasion, title: string) => readonly Target[]

const STRATEGIES: Readonly<Record<BalancingStrategy, Strategy>> = {
  weighted: orderByWeight,
  'round-robin': orderByTurn,
  priority: (targets, { draw }) => targets.flatMap((target) => spreadKeys(target, draw)),
  'least-busy': orderByBusyness,
  sticky: orderSticky,
}

/** By priority, lowest first; within one priority as the strategy says. */
export function orderTargets(
  { targets, title }: Route,
  strategy: BalancingStrategy,
  occasion: Occasion,
): readonly Target[] {
  const order = STRATEGIES[strategy]
  const [first] = targets
  const last = targets.at(-1)
  if (first?.priority === last?.priority) return order(targets, occasion, title)
  const tiers = new Map<number, RouteTarget[]>()
  for (const target of targets) {
    const tier = tiers.get(target.priority)
    if (tier === undefined) tiers.set(target.priority, [target])
    else tier.push(target)
  }
  return [...tiers.values()].flatMap((tier) => order(tier, occasion, title))
}

/** Shuffled so that the first place goes to each target in proportion to its weight, however many keys it has (lesson 18). */
function orderByWeight(targets: readonly RouteTarget[], { draw }: Occasion): readonly Target[] {
  return shuffle(targets, draw).flatMap((target) => spreadKeys(target, draw))
}

/**
 * Each key has its turn, whatever the weights; where a provider has several targets here, these take turns on its keys.
 * A key counts once, however many targets share it: otherwise a provider with many would get nearly all (lesson 18).
 */
function orderByTurn(targets: readonly RouteTarget[], { draw }: Occasion, title: string): readonly Target[] {
  const providers = Map.groupBy(targets, (target) => target.served)
  const pool = [...providers].flatMap(([, own]) =>
    (own[0]?.entries ?? []).map((_, key) => own.map((target) => target.entries[key] ?? target.entries[0])),
  )
  const turn = draw.nextTurn(`turns of ${title}`)
  const rotated = rotate(pool, turn % pool.length)
  const round = Math.floor(turn / pool.length)
  const models = Math.max(...pool.map((entries) => entries.length))
  const ordered: Target[] = []
  // Every key once before any of them is tried with another model.
  for (let pass = 0; pass < models; pass += 1) {
    for (const entries of rotated) {
      const entry = entries[(round + pass) % entries.length]
      if (entry !== undefined && pass < entries.length) ordered.push(entry)
    }
  }
  return ordered
}

/** The target with the fewest calls in flight first, and of its keys the one with the fewest; among equals by weight and by turn. */
function orderByBusyness(targets: readonly RouteTarget[], { draw, health }: Occasion): readonly Target[] {
  const busyness = (entry: Target) => health?.busyness(entry) ?? IDLE
  return shuffle(targets, draw)
    .toSorted((one, other) => busyness(one.entries[0]).target - busyness(other.entries[0]).target)
    .flatMap((target) => spreadKeys(target, draw).toSorted((one, other) => busyness(one).key - busyness(other).key))
}

const IDLE = { target: 0, key: 0 }

/** One conversation keeps its target and key, so that what these have cached of it is of use. */
function orderSticky(targets: readonly RouteTarget[], occasion: Occasion): readonly Target[] {
  const conversation = occasion.conversation?.()
  return conversation === undefined ? orderByWeight(targets, occasion) : orderByConversation(targets, conversation)
}

function shuffle(targets: readonly RouteTarget[], draw: Draw): readonly RouteTarget[] {
  if (targets.length === 1) return targets
  return targets
    .map((target) => ({ target, place: drawPlace(draw.random(), target.weight) }))
    .sort((one, other) => one.place - other.place)
    .map(({ target }) => target)
}

/** Once per key of its provider, beginning with another key every time. */
function spreadKeys({ entries }: RouteTarget, draw: Draw): readonly Target[] {
  if (entries.length === 1) return entries
  return rotate(entries, draw.nextTurn(entries[0].provider.name) % entries.length)
}

function rotate<Item>(items: readonly Item[], start: number): readonly Item[] {
  return start === 0 ? items : [...items.slice(start), ...items.slice(0, start)]
}

/** Counts the turns of each name, over all states of the registry. */
export function countTurns(): (name: string) => number {
  const turns = new Map<string, number>()
  return (name) => {
    const turn = turns.get(name) ?? 0
    turns.set(name, (turn + 1) % Number.MAX_SAFE_INTEGER)
    return turn
  }
}
