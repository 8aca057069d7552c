/** What is asked of a model, in no protocol's words: clients write it in theirs, readers of back ends read it back. */

export interface Image {
  readonly mediaType: string
  readonly base64: string
}

export interface Call {
  readonly id: string
  readonly name: string
  readonly input: object
}

export interface Result {
  /** Of the call that it answers. */
  readonly id: string
  readonly name: string
  readonly text: string
  readonly isError?: boolean
}

export type Turn =
  | { readonly role: 'user'; readonly text?: string; readonly images?: readonly Image[] }
  | { readonly role: 'assistant'; readonly text?: string; readonly calls?: readonly Call[] }
  | { readonly role: 'tool'; readonly results: readonly Result[] }

export interface AskedTool {
  readonly name: string
  readonly description?: string
  /** JSON Schema of what it takes. */
  readonly schema: object
}

export type Choice = 'auto' | 'none' | 'required' | { readonly name: string }

export interface Ask {
  readonly model: string
  readonly system?: string
  readonly turns: readonly Turn[]
  readonly tools?: readonly AskedTool[]
  readonly choice?: Choice
  /** Whether several calls may be made in one turn. */
  readonly parallel?: boolean
  readonly maxTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly seed?: number
  readonly stop?: readonly string[]
  /** The answer is to be JSON: of this schema, or any. */
  readonly format?: 'json' | { readonly schema: object }
  /** How much to think: a word, or how many tokens of thought a back end was granted. */
  readonly effort?: string | number
  /** A member that no protocol has, sent at the top. */
  readonly unknown?: string
}

/** The member that {@link Ask.unknown} is sent in. */
export const UNKNOWN = 'x_conformance_sentinel'
