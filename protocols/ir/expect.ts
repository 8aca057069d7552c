/** Reads JSON from outside by hand, with errors that name the field. */
import { ApiFailure } from './error.ts'
import type { JsonObject } from './extra.ts'

/** Reads one value; `path` is where it stands on the wire, such as `messages.2.content`. */
export type Expect<Value> = (value: unknown, path: string) => Value

/** @throws ApiFailure `bad-request`, always. */
export function refuse(path: string, problem: string): never {
  throw new ApiFailure({ kind: 'bad-request', message: `${path}: ${problem}`, param: path, source: 'proxy' })
}

/** Null and absent are absent; everything else must be right. */
export function optional<Value>(value: unknown, path: string, expect: Expect<Value>): Value | undefined {
  return value === undefined || value === null ? undefined : expect(value, path)
}

export const expectObject: Expect<JsonObject> = (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : mismatch(value, path, 'an object')

export const expectArray: Expect<readonly unknown[]> = (value, path) =>
  Array.isArray(value) ? value : mismatch(value, path, 'an array')

export const expectString: Expect<string> = (value, path) =>
  typeof value === 'string' ? value : mismatch(value, path, 'a string')

export const expectBoolean: Expect<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : mismatch(value, path, 'true or false')

export const expectNumber: Expect<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : mismatch(value, path, 'a number')

export const expectInteger: Expect<number> = (value, path) =>
  Number.isSafeInteger(value) ? (value as number) : mismatch(value, path, 'a whole number')

/** A whole number of at least 1, as limits of tokens are. */
export const expectPositiveInteger: Expect<number> = (value, path) => {
  const number = expectInteger(value, path)
  return number >= 1 ? number : refuse(path, `expected at least 1, got ${number}`)
}

/** @returns an `Expect` for a number from `least` to `most`, both included. */
export function expectRange(least: number, most: number): Expect<number> {
  return (value, path) => {
    const number = expectNumber(value, path)
    return number >= least && number <= most
      ? number
      : refuse(path, `expected a number from ${least} to ${most}, got ${number}`)
  }
}

/** @returns an `Expect` for a list whose entries are all read by `entry`. */
export function expectList<Value>(entry: Expect<Value>): Expect<readonly Value[]> {
  return (value, path) => expectArray(value, path).map((one, index) => entry(one, `${path}.${index}`))
}

/** Runs a decoder of answers: what it refuses is the back end's fault and not the caller's. */
export function blameUpstream<Value>(decode: () => Value): Value {
  try {
    return decode()
  } catch (error) {
    if (error instanceof ApiFailure && error.error.kind === 'bad-request') {
      const message = `The provider's answer is not what its protocol says: ${error.error.message}`
      throw new ApiFailure({ kind: 'upstream-failed', message, source: 'provider' }, { cause: error })
    }
    throw error
  }
}

function mismatch(value: unknown, path: string, wanted: string): never {
  if (value === undefined) {
    throw new ApiFailure({
      kind: 'bad-request',
      message: `Missing required field: ${path}`,
      param: path,
      source: 'proxy',
    })
  }
  return refuse(path, `expected ${wanted}, got ${nameType(value)}`)
}

function nameType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return `${value}`
  return `a ${typeof value}`
}
