/** What an encoder may know of the model it writes for. Filled from the registry and the provider tables. */

/** What a model can take or do; absent means that nobody knows, and then it is tried. */
export interface Capabilities {
  readonly tools?: boolean
  readonly images?: boolean
  readonly audio?: boolean
  readonly files?: boolean
  readonly reasoning?: boolean
  readonly jsonSchema?: boolean
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
  /** It must be given its earlier reasoning back as text. */
  readonly replaysReasoning?: boolean
  /** It knows the role `developer`; absent: not known, and then `system` is written unless the client's protocol is the same. */
  readonly developerRole?: boolean
  /** It understands cache marks though its protocol does not define them. */
  readonly cacheMarks?: boolean
  /** It adds reasoning to the output count (false: it counts it beside the output). Absent: it does. */
  readonly countsReasoningAsOutput?: boolean
  /** Top-level fields of its wire that bear another name with this vendor. */
  /** It writes its thoughts into its text, between `<think>` tags at the start; of protocols that have their own place for them. */
  readonly thinkTags?: boolean
  /** It takes tools whose input is raw text. Absent: not known; an encoder says what it does then. */
  readonly freeformTools?: boolean
  readonly renames?: Readonly<Record<string, string>>
  /** Top-level fields of its wire that this vendor refuses: left out and reported. */
  readonly refuses?: readonly string[]
}
