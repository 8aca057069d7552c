/** One request and its answer, from the first byte in to the last byte out. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Codec, Glance, WireRequest } from '../../protocols/codec.ts'
import type { ApiError } from '../../protocols/ir/error.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { Usage } from '../../protocols/ir/usage.ts'
import type { Caller } from '../access/caller.ts'
import type { Target } from '../providers/target.ts'
import type { Resolution, Snapshot } from '../registry/snapshot.ts'

/** How an exchange was served: the same bytes, through the interlingua, or untouched by any codec. */
export type Road = 'relay' | 'translate' | 'raw'

/**
 * What the steps of one exchange hand to each other. Filled step by step by `serveChat` and its steps; each field is
 * written by one of them.
 */
export interface Exchange {
  /** UUID v4, or the client's own well-formed `x-request-id`. */
  readonly id: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The client's protocol. */
  readonly codec: Codec
  readonly wire: WireRequest
  readonly group: string
  readonly caller: Caller
  /** The path asked for compat mode. */
  readonly compat: boolean
  /** One state of the registry for the whole exchange. */
  readonly registry: Snapshot
  /** Aborted when the client leaves; the only controller of the exchange. */
  readonly abort: AbortController
  /** Milliseconds of a monotonic clock. */
  readonly startedAt: number
  readonly record: ExchangeRecord
}

/** What is told of an exchange when it is over. */
export interface ExchangeRecord {
  glance?: Glance
  /** Where the request goes, and why. */
  resolution?: Resolution
  target?: Target
  road?: Road
  /** A tool has been run for it: it must not be served a second time from its beginning. */
  acted?: boolean
  attempts: number
  /** Targets that were tried in vain, in order. */
  failures: { readonly provider: string; readonly model: string; readonly error: ApiError }[]
  losses: Loss[]
  usage?: Usage
  /** Milliseconds from the start to the first byte of the answer. */
  firstByteMs?: number
  error?: ApiError
  /** What was thrown, when it was a fault of ours; for the log only. */
  cause?: unknown
}

/** Unix time in seconds, as the protocols write it. */
export function toUnixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
