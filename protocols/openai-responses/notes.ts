/** What the request as a whole has to remember of how its client wrote it, beyond single words. */

import type { Kept, Rest } from '../ir/rest.ts'
import { isObject } from './is-object.ts'
import { noted } from './rest.ts'

/** A tool whose name on the wire does not say all: its group, whether it takes raw text, its name where two groups have the same. */
export interface NotedTool {
  readonly name: string
  readonly namespace?: string
  readonly freeform?: boolean
  /** It looks up other tools, and the client runs it. */
  readonly search?: boolean
}

/** An `additional_tools` item, whose tools were lifted out of the input. */
export interface LiftedItem {
  /** Its place among the items of the input. */
  readonly at: number
  /** The item without its tools. */
  readonly shell: Readonly<Record<string, unknown>>
}

export interface Notes {
  /** Groups of tools, without their tools. */
  readonly groups: readonly Readonly<Record<string, unknown>>[]
  readonly lifted: readonly LiftedItem[]
  /** By the name in the interlingua. */
  readonly tools: Readonly<Record<string, NotedTool>>
}

const NOTES = 'notes:'
const NONE: Notes = { groups: [], lifted: [], tools: {} }

export function writeNotes(notes: Notes, rest: Rest): void {
  const isEmpty = notes.groups.length + notes.lifted.length + Object.keys(notes.tools).length === 0
  if (!isEmpty) rest.note(NOTES, JSON.stringify(notes))
}

export function readNotes(request: Kept): Notes {
  const text = noted(request, NOTES)
  const notes: unknown = text === undefined ? undefined : JSON.parse(text)
  // Written by this codec, into a spelling that is nobody else's.
  return isObject(notes) ? (notes as unknown as Notes) : NONE
}
