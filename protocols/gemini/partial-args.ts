/** Arguments of a call that stream in as values at places: `{jsonPath: "$.list[0].name", stringValue, willContinue}` (Q69). */
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import { readNames } from './keep.ts'

export interface PartialArgs {
  /** Takes the values of one piece. @throws ApiFailure `bad-request` for a path that is none. */
  push(value: unknown, path: string): void
  /** The object so far, as JSON text. */
  json(): string
}

type Container = Record<string, unknown> | unknown[]

/** More would be no list that a model writes, but memory. */
const LARGEST_INDEX = 10_000

export function createPartialArgs(): PartialArgs {
  const root: Record<string, unknown> = {}

  function set(keys: readonly (string | number)[], value: unknown): void {
    let holder: Container = root
    for (const [at, key] of keys.entries()) {
      const before = memberOf(holder, key)
      if (at === keys.length - 1) {
        // Texts go on from piece to piece.
        setMember(holder, key, typeof before === 'string' && typeof value === 'string' ? before + value : value)
      } else {
        const next: Container = isContainer(before) ? before : typeof keys[at + 1] === 'number' ? [] : {}
        if (next !== before) setMember(holder, key, next)
        holder = next
      }
    }
  }

  return {
    push(value, path) {
      for (const [index, one] of expectArray(value, path).entries()) {
        const place = `${path}.${index}`
        const piece = readNames(expectObject(one, place))
        set(readPath(optional(piece.jsonPath, `${place}.jsonPath`, expectString) ?? ''), readValue(piece))
      }
    },
    json: () => JSON.stringify(root),
  }
}

function readValue(piece: Readonly<Record<string, unknown>>): unknown {
  if (piece.nullValue !== undefined) return null
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? ''
}

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g

/** `$.a.b[0]['c d']` as names and indices. */
function readPath(path: string): readonly (string | number)[] {
  return [...path.matchAll(STEP)].map(([, name, index, single, double]) =>
    index === undefined ? (name ?? single ?? double ?? '') : Math.min(Number(index), LARGEST_INDEX),
  )
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

function memberOf(holder: Container, key: string | number): unknown {
  return Object.hasOwn(holder, key) ? (holder as Record<string | number, unknown>)[key] : undefined
}

/** An own member even when it is called `__proto__`. */
function setMember(holder: Container, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}
