/** The way to a server, of whatever transport: messages go in and come out as they are. Types only. */
import type { JsonRpcMessage, JsonRpcNotification, RequestId } from '../json-rpc.ts'
import type { UpstreamFailure } from './connection.ts'

export interface LinkListener {
  /**
   * @param relatedTo the request on whose stream it came, where the transport tells.
   * @param bytes of its text.
   */
  message(message: JsonRpcMessage, relatedTo: RequestId | undefined, bytes: number): void
  /** This request was not, or can no longer be, answered. */
  failed(id: RequestId, failure: UpstreamFailure): void
  /** Nothing will come any more. Not called after `close`. */
  closed(failure: UpstreamFailure): void
}

export interface Link {
  /** Never throws: a request that cannot be sent is told by `failed`. */
  send(message: JsonRpcMessage, relatedTo?: RequestId): void
  /** Ends a request the way this hop does it (M95); nothing comes for it afterwards. */
  cancel(notification: JsonRpcNotification, id: RequestId): void
  /** Resolves when process or session is gone. */
  close(): Promise<void>
}

/** Makes the link; the listener hears nothing before this has returned. */
export type OpenLink = (listener: LinkListener) => Link
