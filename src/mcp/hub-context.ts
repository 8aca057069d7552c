/** What every part of the hub is given. */
import type { IdleConnections } from './client/idle-connections.ts'
import type { UpstreamServers } from './upstream/connection.ts'

export interface HubTimes {
  /** A session that nobody uses, open streams counting as use (M26). */
  readonly sessionIdleMs: number
  /** How long a client may take to answer a server (M56). */
  readonly elicitationMs: number
  readonly clientAnswerMs: number
  /** Changes within it are told once (M58). */
  readonly debounceMs: number
  /** Lists over a session's own connection, before the cached ones are served instead (M80). */
  readonly listMs: number
  /** For the first lists of a hub that has never seen any of its servers. */
  readonly firstListMs: number
  /** How long an answer is kept for a client that comes back (M22). */
  readonly replayMs: number
  /** How long a call waits for a client that was asked something (M92). */
  readonly holdMs: number
  /** Requests of a server that come together are told together (M92). */
  readonly gatherMs: number
  readonly keepAliveMs: number
}

export const HUB_TIMES: HubTimes = {
  sessionIdleMs: 30 * 60_000,
  elicitationMs: 5 * 60_000,
  clientAnswerMs: 2 * 60_000,
  debounceMs: 200,
  listMs: 5000,
  firstListMs: 5000,
  replayMs: 60_000,
  holdMs: 5 * 60_000,
  gatherMs: 15,
  keepAliveMs: 15_000,
}

export interface HubContext {
  readonly servers: UpstreamServers
  readonly version: string
  readonly times: HubTimes
  /** Of this process: a hub that sees its own has come back to itself (M114). */
  readonly instanceId: string
  readonly idle: IdleConnections
  now(): number
  /** 128 bits, in visible ASCII. */
  randomId(): string
  /** Told of what an administrator should know; never with ids of sessions, arguments or results (M102). */
  warn(fields: object, message: string): void
  /** Told of what was thrown and not foreseen. */
  report(error: unknown): void
}
