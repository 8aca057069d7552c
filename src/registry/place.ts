/** Places in an order that respect weights: by chance, or always the same for one conversation. */
import { hash } from 'node:crypto'
import type { Target } from '../providers/target.ts'
import type { RouteTarget } from './route.ts'

/**
 * A waiting time with the weight as its rate: the earliest of several is each one's in proportion to its weight.
 *
 * @param random at least 0, below 1.
 * @see https://doi.org/10.1016/j.ipl.2005.11.003 Efraimidis and Spirakis, weighted random sampling
 */
export function drawPlace(random: number, weight: number): number {
  return -Math.log(1 - random) / weight
}

/**
 * Rendezvous hashing: every target draws its place from its own name and that of the conversation. What comes or goes
 * moves only the conversations that it takes or had, and the order in which targets are given never matters.
 *
 * @see https://doi.org/10.1109/90.663936 Thaler and Ravishankar, highest random weight
 */
export function orderByConversation(targets: readonly RouteTarget[], conversation: string): readonly Target[] {
  const seed = hash('sha256', conversation)
  return sortByPlace(targets, ({ entries: [entry], weight }) => place(seed, nameOf(entry), weight)).flatMap(
    ({ entries }) => sortByPlace(entries, (entry) => place(seed, `${entry.provider.name}\n${entry.key?.id ?? ''}`, 1)),
  )
}

function sortByPlace<Item>(items: readonly Item[], placeOf: (item: Item) => number): readonly Item[] {
  if (items.length === 1) return items
  return items
    .map((item) => ({ item, place: placeOf(item) }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}

function place(seed: string, name: string, weight: number): number {
  // 48 bits: as many as a number holds with room to spare.
  const bits = Number.parseInt(hash('sha256', `${seed}\n${name}`).slice(0, 12), 16)
  return drawPlace(bits / 2 ** 48, weight)
}

function nameOf({ provider, model }: Target): string {
  return `${provider.name}\n${model}`
}
