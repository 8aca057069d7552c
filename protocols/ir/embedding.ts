/** Texts in, vectors out. */
import type { Extra, Spelling } from './extra.ts'
import type { Usage } from './usage.ts'

/** One thing to embed: a text, or the tokens of one in the model's own vocabulary. */
export type EmbeddingInput =
  | { readonly type: 'text'; readonly text: string; readonly title?: string }
  | { readonly type: 'tokens'; readonly tokens: readonly number[] }

export interface EmbeddingRequest {
  readonly model: string
  /** At least one. */
  readonly inputs: readonly EmbeddingInput[]
  /** Length of the vectors, where the model can choose. */
  readonly dimensions?: number
  /** How the client wants the numbers written; absent: as JSON numbers. */
  readonly encoding?: 'float' | 'base64'
  /** What the vectors are for, in the protocol's words. */
  readonly purpose?: string
  /** Whether a text that is too long is cut. */
  readonly truncate?: boolean
  readonly userId?: string
  readonly extra?: Extra
  readonly spelling?: Spelling
}

export interface EmbeddingResponse {
  /** As the back end named it; empty when it did not. */
  readonly model: string
  /** In the order of the inputs. */
  readonly vectors: readonly (readonly number[])[]
  /** How the wire wrote the numbers, where it knows several ways; absent: as JSON numbers. */
  readonly encoding?: 'float' | 'base64'
  readonly usage?: Usage
  readonly extra?: Extra
}
