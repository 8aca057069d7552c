/** One turn of a conversation. */
import type { Extra, Spelling } from './extra.ts'
import type { Part } from './part.ts'

/**
 * Who speaks. `system` and `developer` may stand anywhere; `tool` holds tool results only, as the protocols have it that
 * give results a role of their own; a `user` message may hold tool results too, as the others have it.
 */
export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool'

export interface Message {
  readonly role: Role
  readonly parts: readonly Part[]
  readonly extra?: Extra
  readonly spelling?: Spelling
}
