/**
 * Finds what a translation drops in silence. A value counts as told when another in its place makes another translation,
 * and as owned up to when a loss names the place in the interlingua that it went to.
 */
import type { Loss } from '../../protocols/ir/loss.ts'
import { alter, differences, type Leaf, leavesOf, replaceAt, shapeOf } from './leaves.ts'
import type { Told, Written } from './translate.ts'

export interface Translation<Value> {
  decode(wire: any): Told<Value>
  /** What the losses speak of: the request or answer in the interlingua; absent: the value itself. */
  neutral?(value: Value): unknown
  /** One for each target, by its name. */
  readonly targets: ReadonlyMap<string, (value: Value) => Written>
}

/** Values that say one thing in several places, and are altered together. */
export interface Group {
  /** Where it stands on the wire, with stars for indices. */
  readonly shape: string
  readonly leaves: readonly [Leaf, ...Leaf[]]
}

export interface Dropped {
  readonly target: string
  readonly shape: string
  readonly leaf: Leaf
  /** Where it went to in the interlingua; nowhere when its decoder did not read it. */
  readonly places: readonly string[]
}

/** Of entries that look alike this many are tried. */
const SAMPLES = 3

/** @returns what no target tells and no loss names, whatever stands in its place. */
export function findDropped<Value>(
  wire: unknown,
  { decode, neutral = (value) => value, targets }: Translation<Value>,
  groups = groupAlone(wire),
): Dropped[] {
  const whole = decode(wire)
  const befores = [...targets].map(([target, write]) => ({ target, write, before: write(whole.value) }))
  return groups.flatMap(({ shape, leaves }) => {
    const { others, isRefused } = decodeOthers(wire, leaves, decode)
    const moved = others.map(({ value }) => placesOf(neutral(whole.value), neutral(value)))
    // One of a closed set of words, and what would be meant without it.
    if (isRefused && moved.every((places) => places.length === 0)) return []
    return befores.flatMap(({ target, write, before }) => {
      const losses = [...whole.losses, ...before.losses]
      const isTold = others.some((other, index) => {
        const places = moved[index] ?? []
        if (places.length > 0 && places.every((place) => isOwnedUp(place, losses))) return true
        const after = write(other.value)
        if (tellLosses(other, after) !== tellLosses(whole, before)) return true
        return JSON.stringify(before.body) !== JSON.stringify(after.body)
      })
      return isTold ? [] : [{ target, shape, leaf: leaves[0], places: moved[0] ?? [] }]
    })
  })
}

/** Each value by itself; of entries that look alike the first, one in the middle and the last. */
function groupAlone(wire: unknown): Group[] {
  const alike = Map.groupBy(leavesOf(wire), ({ path }) => shapeOf(path))
  return [...alike].flatMap(([shape, leaves]) => {
    const step = Math.max(1, (leaves.length - 1) / (SAMPLES - 1))
    const places = Array.from({ length: Math.min(SAMPLES, leaves.length) }, (_, index) => Math.round(index * step))
    return places.flatMap((place) => {
      const leaf = leaves[place]
      return leaf === undefined ? [] : [{ shape, leaves: [leaf] as const }]
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

/** With another value there, and without any. */
function decodeOthers<Value>(wire: unknown, leaves: Group['leaves'], decode: (wire: any) => Told<Value>) {
  let isRefused = false
  const others = [alter(leaves[0].value), undefined].flatMap((value) => {
    try {
      return [decode(leaves.reduce((altered, { path }) => replaceAt(altered, path, value), wire))]
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
