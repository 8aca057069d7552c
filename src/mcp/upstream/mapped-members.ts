/** The members of messages that hold ids of a hop, mapped without touching anything else; the order of members stays (M49). */
import type { JsonObject, JsonRpcMessage, JsonRpcNotification, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { META } from '../revisions.ts'

/** The request with another progress token. */
export function withProgressToken(request: JsonRpcRequest, progressToken: RequestId): JsonRpcRequest {
  const { params } = request
  return { ...request, params: { ...params, _meta: { ...metaOf(params), progressToken } } }
}

/** Absent where the caller wants to hear of no progress. */
export function progressTokenOf(request: JsonRpcRequest): unknown {
  return metaOf(request.params)?.['progressToken']
}

/** The notification with one member of its `params` replaced. */
export function withParam(notification: JsonRpcNotification, name: string, value: unknown): JsonRpcNotification {
  return { ...notification, params: { ...notification.params, [name]: value } }
}

/** Puts the caller's id where the server names its subscription: in a notification, or in the result that ends it. */
export function withSubscription<Message extends JsonRpcMessage>(message: Message, id: RequestId): Message {
  const place = typeof message['method'] === 'string' ? 'params' : 'result'
  const holder = message[place]
  const meta = isObject(holder) ? metaOf(holder) : undefined
  if (!isObject(holder) || meta?.[META.subscriptionId] === undefined) return message
  return { ...message, [place]: { ...holder, _meta: { ...meta, [META.subscriptionId]: id } } }
}

/** The subscription that a notification of a modern server belongs to. */
export function subscriptionOf(notification: JsonRpcNotification): unknown {
  return metaOf(notification.params)?.[META.subscriptionId]
}

export function metaOf(params: JsonObject | undefined): JsonObject | undefined {
  const meta = params?.['_meta']
  return isObject(meta) ? meta : undefined
}
