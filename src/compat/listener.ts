/** The contract of the listening half: what stands between the decoder of a back end that only writes text and the stream grammar. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { Tool, ToolChoice } from '../../protocols/ir/tool.ts'
import type { DialectName } from './dialect-name.ts'
import type { CheckArguments } from './tools/argument-checker.ts'

export interface ListenerOptions {
  /** The dialect that was taught; calls in any other marked dialect are understood as well. */
  readonly dialect: DialectName
  /** What the client offers. With none at all every name counts as offered, and values have no schema. */
  readonly tools: readonly Tool[]
  /** Tools of the request that may not be called now: a call of one is dropped and reported. */
  readonly withheld?: readonly Tool[]
  /** `none`: what the model writes as a call all the same is dropped and reported. Absent: `auto`. */
  readonly toolChoice?: ToolChoice
  /** False: the first call is kept, the others are dropped and reported. Absent: as many as the model writes. */
  readonly parallel?: boolean
  /**
   * `pass` (the default): arguments stream as they arrive, and a call that does not fit its schema is reported as a loss.
   * `hold`: a call is told when it is whole and valid; the others are in `invalidCalls`, so that the model can be asked again.
   */
  readonly invalid?: 'pass' | 'hold'
  /** Ids that the conversation has already: a model that writes one of them again gets a fresh one. */
  readonly takenIds?: ReadonlySet<string>
  /** Says what is wrong with arguments; absent: they are not checked. */
  readonly check?: CheckArguments
  /** Stop sequences that the gateway added for this dialect: the client does not hear of them. */
  readonly stops?: readonly string[]
}

/** A call that could be read but does not fit the schema of its tool. */
export interface InvalidCall {
  readonly choice: number
  readonly name: string
  /** JSON text. */
  readonly arguments: string
  /** The first thing that is wrong, for the model: `/limit must be integer`. */
  readonly problem: string
}

/** How many UTF-16 units of the back end's text became what; together they are all that came. */
export interface Tally {
  readonly text: number
  readonly reasoning: number
  /** Blocks of calls: names, arguments, tags and the white space around them. */
  readonly calls: number
  /** End-of-turn and other special tokens. */
  readonly control: number
  /** What stood behind an invented tool result. */
  readonly cut: number
}

export interface Listener {
  /** Takes an event as a decoder says it. */
  push(event: StreamEvent): void
  /** Nothing more comes. A `finish` or an `error` says so before; without either, what is open has broken off. */
  end(): void
  readonly losses: readonly Loss[]
  readonly invalidCalls: readonly InvalidCall[]
  readonly tally: Tally
}
