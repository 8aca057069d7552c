/** The way back for one stateless request. */
import type { JsonRpcAnswer, JsonRpcNotification } from '../json-rpc.ts'

export interface StatelessReply {
  /** Before the answer, on the same stream (M36). */
  notify(notification: JsonRpcNotification): void
  /** @param status of the HTTP answer, where no stream has begun. */
  finish(answer: JsonRpcAnswer, status: number): void
}
