/** One HTTP request to the hub, located and admitted. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Scope } from '../scope.ts'
import type { SessionOwner } from './session-table.ts'

/** Who calls, as the access room judged. */
export interface HubCaller {
  /** One and the same text for all requests with one key, and for all without. Never the key itself. */
  readonly keyId: string
  /** Whether the key is still accepted; sessions of others are ended within 30 seconds (M101). */
  isLive(): boolean
}

/** Which endpoint of the hub a path names. */
export type HubEndpoint = 'mcp' | 'sse' | 'messages'

export interface HubRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly endpoint: HubEndpoint
  readonly scope: Scope
  readonly caller: HubCaller
  /** The path before `/sse` or `/mcp`, empty or beginning with a slash. */
  readonly prefix: string
  readonly query: URLSearchParams
}

/** @param kind of transport: a session of one is none of the other. */
export function ownerOf({ scope, caller }: HubRequest, kind: 'http' | 'sse'): SessionOwner {
  return {
    keyId: caller.keyId,
    isLive: () => caller.isLive(),
    place: JSON.stringify([kind, scope.group ?? null, scope.server ?? null]),
  }
}
