/** A server behind the hub answered with an error. */
import type { JsonRpcError } from '../json-rpc.ts'

export class UpstreamRefusal extends Error {
  /** As the server sent it. */
  readonly error: JsonRpcError

  constructor(error: JsonRpcError) {
    super(error.message)
    this.name = 'UpstreamRefusal'
    this.error = error
  }
}
