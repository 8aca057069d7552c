/**
 * Finds what a translation drops in silence. A value counts as told when another in its place makes another translation,
 * and as owned up to when a loss names the place in the interlingua that it went to.
 */
import type { Loss } from '../../protocols/ir/loss.ts'
import { alter, differences, type Leaf, leavesOf, replaceAt, shapeOf } from './leaves.ts'
import type { Told, Written } from './translate.ts'

export interface Translation<Value> {
  decode(wire: any): Told<Value>
  /** One for each target, by its name. */
  readonly targets: ReadonlyMap<string, (value: Value) => Written>
}

export interface Dropped {
  readonly target: string
  /** Where it stood on the wire, with stars for indices. */
  readonly shape: string
  readonly leaf: Leaf
  /** Where it went to in the interlingua; nowhere when its decoder did not read it. */
  readonly places: readonly string[]
}

/** Of entries that look alike this many are tried. */
const SAMPLES = 3

/** @returns what no target tells and no loss names, whatever stands in its place. */
export function findDropped<Value>(wire: unknown, { decode, targets }: Translation<Value>): Dropped[] {
  const whole = decode(wire)
  return sample(leavesOf(wire)).flatMap((leaf) => {
    const { others, isRefused } = decodeOthers(wire, leaf, decode)
    const moved = others.map(({ value }) => placesOf(whole.value, value))
    // One of a closed set of words, and what would be meant without it.
    if (isRefused && moved.every((places) => places.length === 0)) return []
    return [...targets].flatMap(([target, write]) => {
      const before = write(whole.value)
      const told = tellLosses(whole, before)
      const losses = [...whole.losses, ...before.losses]
      const isTold = others.some((other, index) => {
        const places = moved[index] ?? []
        if (places.length > 0 && places.every((place) => isOwnedUp(place, losses))) return true
        const after = write(other.value)
        return JSON.stringify(before.body) !== JSON.stringify(after.body) || tellLosses(other, after) !== told
      })
      return isTold ? [] : [{ target, shape: shapeOf(leaf.path), leaf, places: moved[0] ?? [] }]
    })
  })
}

/** Where the interlingua holds something else; how something was spelled is no matter of other protocols. */
function placesOf(one: unknown, other: unknown): string[] {
  return differences(one, other)
    .filter((place) => !/(^|\.)spelling(\.|$)/.test(place))
    .map((place) => place.replace(/(^|\.)extra\.fields\./, '$1'))
    .filter((place) => !/(^|\.)extra\.protocol$/.test(place))
}

function tellLosses(told: Told<unknown>, written: Written): string {
  return [...told.losses, ...written.losses].map(({ path, effect }) => `${path} ${effect}`).join('\n')
}

function sample(leaves: readonly Leaf[]): Leaf[] {
  const groups = Map.groupBy(leaves, ({ path }) => shapeOf(path))
  return [...groups.values()].flatMap((group) => {
    const step = Math.max(1, (group.length - 1) / (SAMPLES - 1))
    const picked = Array.from(
      { length: Math.min(SAMPLES, group.length) },
      (_, index) => group[Math.round(index * step)],
    )
    return picked.filter((leaf) => leaf !== undefined)
  })
}

/** With another value there, and without any. */
function decodeOthers<Value>(wire: unknown, leaf: Leaf, decode: (wire: any) => Told<Value>) {
  let isRefused = false
  const others = [alter(leaf.value), undefined].flatMap((value) => {
    try {
      return [decode(replaceAt(wire, leaf.path, value))]
    } catch {
      isRefused = true
      return []
    }
  })
  return { others, isRefused }
}

function isOwnedUp(place: string, losses: readonly Loss[]): boolean {
  return losses.some(({ path }) => path === place || place.startsWith(`${path}.`) || path.startsWith(`${place}.`))
}
