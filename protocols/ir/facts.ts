/** What an encoder may know of the model it writes for. Filled from the registry and the provider tables. */
import type { JsonObject } from './extra.ts'
import type { ToolDialect } from './tool-dialect.ts'

/** What a model can take or do; absent means that nobody knows, and then it is tried. */
export interface Capabilities {
  readonly tools?: boolean
  readonly images?: boolean
  readonly audio?: boolean
  readonly files?: boolean
  readonly reasoning?: boolean
  readonly jsonSchema?: boolean
  /** It answers with vectors of numbers. */
  readonly embedding?: boolean
}

export interface ModelFacts {
  readonly contextTokens?: number
  /** The most that it can write; more is lowered to this. */
  readonly maxOutputTokens?: number
  /** What is asked for when the client did not say and the protocol demands a number. */
  readonly defaultMaxOutputTokens?: number
  readonly capabilities?: Capabilities
  /** Who signs this model's reasoning; a signature of anybody else is not sent to it. Absent: the protocol's name. */
  readonly issuer?: string
  /** Efforts that it knows, from little to much; another one becomes the nearest. Absent: any. */
  readonly efforts?: readonly string[]
  /** How it is asked to think, for vendors whose wire has several words for that. Absent: by the protocol's own. */
  readonly reasoningMember?: 'reasoning_effort' | 'reasoning' | 'thinking' | 'enable_thinking' | 'chat_template_kwargs'
  /** The variable of its chat template that switches thoughts on and off, for vendors who hand such variables on. Absent: `enable_thinking`. */
  readonly templateSwitch?: string
  /** It thinks in streams only, and refuses any other request that does not forbid it to think. */
  readonly thinksOnlyStreaming?: boolean
  /** It must be given its earlier reasoning back as text. */
  readonly replaysReasoning?: boolean
  /** It knows the role `developer`; absent: not known, and then `system` is written unless the client's protocol is the same. */
  readonly developerRole?: boolean
  /** It takes tools whose input is raw text. Absent: not known; an encoder says what it does then. */
  readonly freeformTools?: boolean
  /** It writes its thoughts into its text, between `<think>` tags at the start; of protocols that have their own place for them. */
  readonly thinkTags?: boolean
  /** It understands cache marks though its protocol does not define them. */
  readonly cacheMarks?: boolean
  /** It adds reasoning to the output count (false: it counts it beside the output). Absent: it does. */
  readonly countsReasoningAsOutput?: boolean
  /** Top-level fields of its wire that bear another name with this vendor. */
  readonly renames?: Readonly<Record<string, string>>
  /** The same for fields that it takes under the new name only: bytes of its own protocol, which pass as they are, are corrected as well. */
  readonly insistsOn?: Readonly<Record<string, string>>
  /** Top-level fields of its wire that this vendor refuses: left out and reported. */
  readonly refuses?: readonly string[]
  /** Top-level fields of its wire that this vendor is told where the client says nothing of them. */
  readonly adds?: JsonObject
  /** Requests that clients of its protocol write are not what it takes: they are written anew, never relayed. */
  readonly ownDialect?: boolean
  /** It refuses to be forced to call a tool while it thinks. */
  readonly thinksUnforced?: boolean
  /** How it is taught to write calls where it has no tools. Absent: by its name. */
  readonly toolDialect?: ToolDialect
  /** It fetches images and files that are named by a URL. Absent: it does, if its protocol has such URLs. */
  readonly fetchesUrls?: boolean
}
