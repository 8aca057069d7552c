/** A server behind the hub did not answer. */
import type { UpstreamFailure } from './connection.ts'

export class UpstreamError extends Error {
  readonly failure: UpstreamFailure

  constructor(failure: UpstreamFailure) {
    super(failure.message)
    this.name = 'UpstreamError'
    this.failure = failure
  }
}
