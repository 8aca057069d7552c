/** What stands between the decoder of a back end and the grammar, where calls come as text. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { InvalidCall } from '../compat/listener.ts'

export interface Listening {
  push(event: StreamEvent): void
  /** The back end has said all. */
  end(): void
  readonly losses: readonly Loss[]
  /** Calls that were read but not told, as they do not fit their tools. */
  readonly invalidCalls: readonly InvalidCall[]
}

/** What came of hearing an answer to its end. */
export interface Heard {
  /** What could not be understood or had to be repaired. */
  readonly losses: readonly Loss[]
  readonly invalidCalls: readonly InvalidCall[]
}

/** Begins to listen to one answer. */
export type OpenListening = (emit: (event: StreamEvent) => void) => Listening

/** Hears everything as it is. */
export const PLAIN_LISTENING: OpenListening = (push) => ({ push, end: () => {}, losses: [], invalidCalls: [] })
