/** What a model may call, and whether it must. */
import type { Extra, JsonObject, ProtocolName, Spelling } from './extra.ts'
import type { CacheMark } from './part.ts'

interface ToolBase {
  readonly name: string
  readonly cache?: CacheMark
  readonly extra?: Extra
  readonly spelling?: Spelling
}

/** A tool that takes a JSON object. */
export interface FunctionTool extends ToolBase {
  readonly type: 'function'
  readonly description?: string
  /** JSON Schema of the arguments, exactly as the client gave it; absent: no schema was given. */
  readonly parameters?: JsonObject
  readonly strict?: boolean
  readonly namespace?: string
  /** What its group is for. */
  readonly namespaceDescription?: string
}

/** A tool that takes one raw text, perhaps in a grammar. */
export interface FreeformTool extends ToolBase {
  readonly type: 'freeform'
  readonly description?: string
  /** `{ type: 'text' }`, or `{ type: 'grammar', syntax, definition }`. */
  readonly format?: JsonObject
  readonly namespace?: string
  readonly namespaceDescription?: string
}

/** A tool that the back end runs by itself (web search and the like); only its own protocol knows it. */
export interface HostedTool extends ToolBase {
  readonly type: 'hosted'
  readonly protocol: ProtocolName
  readonly value: JsonObject
}

export type Tool = FunctionTool | FreeformTool | HostedTool

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  /** At least one call, whichever. */
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string }
  /** Only these tools count, as if the others were not there. */
  | { readonly type: 'allowed'; readonly mode: 'auto' | 'required'; readonly names: readonly string[] }
