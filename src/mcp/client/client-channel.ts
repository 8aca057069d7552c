/** The way to a client: HTTP with sessions, HTTP+SSE, or stdio. */
import type { JsonRpcMessage, RequestId } from '../json-rpc.ts'

export interface ClientChannel {
  /**
   * @param relatedTo the request of the client on whose stream the message belongs, where the channel has more than one
   *   (M20); of an answer the request that it answers.
   */
  deliver(message: JsonRpcMessage, relatedTo: RequestId | undefined): void
  /** Whether the client listens or waits just now; absent: always. */
  readonly isBusy?: boolean
  /** The client has taken this request back: it gets no answer. */
  cancelled?(id: RequestId): void
}
