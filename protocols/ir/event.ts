/** The one stream that every decoder speaks and every encoder hears. */

import type { ApiError } from './error.ts'
import type { Extra, Spelling } from './extra.ts'
import type { Finish } from './finish.ts'
import type { Logprobs } from './logprobs.ts'
import type { AudioPart, Citation, FilePart, ImagePart, OpaquePart } from './part.ts'
import type { Usage } from './usage.ts'

/** The stream of one answer begins. Fields may be absent in what a decoder says, and come with a later `start`. */
export interface StartEvent {
  readonly type: 'start'
  readonly id?: string
  readonly model?: string
  /** Unix time in seconds. */
  readonly createdAt?: number
  readonly usage?: Usage
  readonly serviceTier?: string
  readonly extra?: Extra
  readonly echo?: Extra
}

/** What a part bears that streams, known at its beginning. */
interface HeadBase {
  readonly extra?: Extra
  readonly spelling?: Spelling
}

/** What kind of part begins; a part that never streams comes whole. */
export type PartHead =
  | (HeadBase & { readonly type: 'text' })
  | (HeadBase & {
      readonly type: 'reasoning'
      readonly id?: string
      readonly issuer?: string
      readonly encrypted?: string
    })
  | (HeadBase & { readonly type: 'refusal' })
  | (HeadBase & {
      readonly type: 'tool-call'
      /** Empty in what a decoder says while it is not known; never empty behind the grammar. */
      readonly id: string
      readonly name: string
      readonly freeform?: boolean
      readonly namespace?: string
    })
  | { readonly type: 'whole'; readonly part: ImagePart | AudioPart | FilePart | OpaquePart }

export interface PartStartEvent {
  readonly type: 'part-start'
  /** Which part of the answer: any number, one per part, in what a decoder says; 0, 1, 2, ... per choice behind the grammar. */
  readonly part: number
  /** Which candidate answer it belongs to. */
  readonly choice: number
  readonly head: PartHead
}

/** More of an open part. Members that do not fit its kind are ignored by the grammar. */
export interface PartDelta {
  /** More text, thought or refusal. */
  readonly text?: string
  /** More of a call's arguments. */
  readonly arguments?: string
  /** The call's id or name, when they come after its start. */
  readonly id?: string
  readonly name?: string
  /** The signature of what was thought, said or called; the last one counts. */
  readonly signature?: string
  readonly issuer?: string
  readonly encrypted?: string
  readonly citation?: Citation
  readonly logprobs?: Logprobs
}

export interface PartDeltaEvent {
  readonly type: 'part-delta'
  readonly part: number
  readonly choice: number
  readonly delta: PartDelta
}

export interface PartEndEvent {
  readonly type: 'part-end'
  readonly part: number
  readonly choice: number
}

/** Counters so far; each replaces the one before. Behind the grammar it comes once, just before the end. */
export interface UsageEvent {
  readonly type: 'usage'
  readonly usage: Usage
}

/** A candidate's end. Behind the grammar there is one such event, the last of the stream, with all candidates in order. */
export interface FinishEvent {
  readonly type: 'finish'
  readonly finishes: readonly (Finish & { readonly choice: number })[]
  readonly extra?: Extra
}

/** The answer broke off. Behind the grammar it is the last event. */
export interface ErrorEvent {
  readonly type: 'error'
  readonly error: ApiError
}

export type StreamEvent =
  | StartEvent
  | PartStartEvent
  | PartDeltaEvent
  | PartEndEvent
  | UsageEvent
  | FinishEvent
  | ErrorEvent
