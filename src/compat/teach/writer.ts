/** How one dialect is written: in the examples of the prompt and in the history. */
import { breakMarkers } from './guard-text.ts'

/** A call to be written down. */
export interface WrittenCall {
  readonly id: string
  readonly name: string
  /** The members of its arguments in their order; values as JSON text, digits as they are. */
  readonly values: readonly (readonly [name: string, json: string])[]
}

/** What a tool answered, to be written down. */
export interface WrittenResult {
  readonly id: string
  readonly name: string | undefined
  readonly isError: boolean
  /** Nothing in it can be taken for a marker. */
  readonly text: string
}

export interface Writer {
  /** All calls of one turn, byte for byte as a good model would write them. */
  writeCalls(calls: readonly WrittenCall[]): string
  writeResult(result: WrittenResult): string
  /** Makes a tool's answer harmless, in a way that the dialect's reader undoes in arguments. */
  protect(text: string): string
  /** What this dialect asks for beyond the example, each as a sentence. */
  readonly rules: readonly string[]
  /** Where an answer is to end, as what follows would be invented. */
  readonly stops: readonly string[]
  /** Names that it can write; absent: any. */
  readonly names?: { readonly tool?: RegExp; readonly parameter: RegExp }
}

/** Names that can stand in a tag. */
export const TAG_NAMES = { parameter: /^[^\s<>"'/=](?:[^<>"'\n]*[^\s<>"'/])?$/ } as const

/** The arguments as one line of JSON, in which nothing can be taken for a marker. */
export function writeJson({ values }: WrittenCall): string {
  return breakMarkers(`{${values.map(([name, json]) => `${JSON.stringify(name)}: ${json}`).join(', ')}}`)
}

/** A value as plain text in which nothing can be taken for a marker: a string without its quotes, everything else as JSON. */
export function writePlain(json: string): string {
  return breakMarkers(json.startsWith('"') ? String(JSON.parse(json)) : json)
}

/** ` id="…" name="…" status="error"`: who answers, and whether it failed. */
export function writeMarks({ id, name, isError }: WrittenResult): string {
  const marks = [['id', id], ...(name === undefined ? [] : [['name', name]]), ...(isError ? [['status', 'error']] : [])]
  return marks.map(([key, value = '']) => ` ${key}="${value.replaceAll('"', '&quot;')}"`).join('')
}
