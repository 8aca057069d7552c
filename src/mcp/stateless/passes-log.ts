/** Which log lines of a server a request wants to hear (M37). */
import type { JsonRpcNotification } from '../json-rpc.ts'
import { LOG_LEVELS } from './check-request.ts'

/** @param wanted the request's own `logLevel`; absent: none. */
export function passesLog(notification: JsonRpcNotification, wanted: string | undefined): boolean {
  if (notification.method !== 'notifications/message') return true
  if (wanted === undefined) return false
  const order: readonly unknown[] = LOG_LEVELS
  return order.indexOf(notification.params?.['level']) >= order.indexOf(wanted)
}
