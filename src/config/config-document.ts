/** A configuration file as it was read, in whichever notation it is written. */
import type { ConfigProblem } from './config-fault.ts'

export type JsonPath = readonly (string | number)[]

export interface ConfigDocument {
  /** Objects have no prototype, so `__proto__` is a name like any other. */
  readonly value: unknown
  /** A problem with the value at this path, or with what holds it where it is absent itself. */
  locate(path: JsonPath, problem: string): ConfigProblem
}

/** No configuration is that deep, and what reads it recurses. */
export const MAX_DEPTH = 64

/** The problem with what begins at this offset of the text. */
export function problemAt(file: string, text: string, offset: number, path: string, problem: string): ConfigProblem {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { file, line: before.split('\n').length, column: offset - lineStart + 1, path, problem }
}
