/** One way of writing tool calls, as far as it is understood. */
import type { DialectName } from './dialect-name.ts'
import type { Desk, Outcome } from './reading/desk.ts'
import type { CallForms } from './reading/read-call-list.ts'
import type { Reading } from './reading/source.ts'
import type { Tag } from './reading/tag.ts'

/** Reads what stands behind an opening tag. Unless it says `none`, what it read is no text. */
export type TagReader = (desk: Desk, tag: Tag) => Reading<Outcome>

/** An opening that is no tag, such as `[TOOL_CALLS]`. */
export interface WordOpening {
  readonly word: string
  /** The reader stands behind the word. */
  readonly read: (desk: Desk) => Reading<Outcome>
}

export interface Dialect {
  readonly name: DialectName
  /** Opening tags by their name, in lower case and with plain bars. They are understood whatever was taught. */
  readonly tags?: Readonly<Record<string, TagReader>>
  /** The same for tags that are understood only where this dialect was taught. */
  readonly ownTags?: Readonly<Record<string, TagReader>>
  /** Openings that are no tags; understood whatever was taught. */
  readonly words?: readonly WordOpening[]
  /** Closing tags that may follow a call once more, or without their opening. */
  readonly closings?: readonly string[]
  /** Special tokens that are neither text nor call, wherever they stand. */
  readonly tokens?: readonly string[]
  /** Opening tags and words of tool results: after a call they end the answer. */
  readonly results?: readonly string[]
  /** Info strings of code fences that are a call; the condition of other fences does not hold for them. */
  readonly fences?: Readonly<Record<string, CallForms>>
  /** Calls without any mark, at the beginning of a line. */
  readonly unmarked?: CallForms
  /** Tags that are named after tools and open a call. */
  readonly toolTags?: (desk: Desk, tag: Tag) => Reading<Outcome>
}
