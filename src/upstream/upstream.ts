/** One call to a target behind one face: bytes of its codec's wire up, bytes down, whatever lies between. */
import type { Address } from '../../protocols/codec.ts'
import type { ApiFailure } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'

export interface UpstreamCall {
  readonly target: Target
  readonly address: Address
  /** Headers of the client that its protocol lets through; already an allow-list. Lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
  readonly stream: boolean
}

/** Takes the bytes of an answer as they come, already decompressed. */
export interface BodySink {
  /** Returns false to pause until `resume` of the body. */
  data(chunk: Uint8Array): boolean
  /** The answer is whole. */
  end(): void
  /** The answer broke off; nothing follows. */
  fail(failure: ApiFailure): void
}

export interface UpstreamBody {
  /** Called once, at any time after the answer's headers: what came meanwhile is kept. */
  pipe(sink: BodySink): void
  resume(): void
  /** Ends the call and its socket; the sink hears nothing more. */
  destroy(): void
}

export interface UpstreamAnswer {
  readonly status: number
  /** Lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: UpstreamBody
}

export interface Upstream {
  /**
   * Sends the call and waits for the answer's headers.
   *
   * @param signal ends it in every phase, at once; the promise then rejects with kind `cancelled`.
   * @throws ApiFailure `upstream-failed`, `upstream-timeout`, `cancelled`, or `unavailable` (no free connection, or closing), with a
   *   message that names the provider and no secret.
   */
  send(call: UpstreamCall, signal: AbortSignal): Promise<UpstreamAnswer>
  /** Closes idle and busy connections. */
  close(): Promise<void>
}
