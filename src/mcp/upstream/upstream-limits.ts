/** What a server behind the hub may cost. */
export interface UpstreamLimits {
  /** Over name resolution, TCP and TLS. */
  readonly connectMs: number
  /** Of a start, from the wait for a free place to the end of the handshake: package runners download first (M78). */
  readonly startMs: number
  /** Of `initialize` and `server/discover`, once the server runs. */
  readonly handshakeMs: number
  /** Silence after which a server that was asked for the modern era is taken for one of the legacy era (M45). */
  readonly probeMs: number
  /** Of a list, from its request to its answer. */
  readonly listMs: number
  /** Of a call, without answer or progress. */
  readonly callIdleMs: number
  /** Of a call, whatever progress it reports. */
  readonly callTotalMs: number
  /** Calls at once, per server. */
  readonly calls: number
  /** Calls that wait for one of these places. */
  readonly queuedCalls: number
  /** Of one answer (M62). */
  readonly answerBytes: number
  /** Of one message; the connection ends beyond it (M73). */
  readonly messageBytes: number
  /** Sessions at once, per server (M82). */
  readonly sessions: number
}

const BASE: Omit<UpstreamLimits, 'calls' | 'sessions'> = {
  connectMs: 10_000,
  startMs: 60_000,
  handshakeMs: 30_000,
  probeMs: 4000,
  listMs: 30_000,
  callIdleMs: 60_000,
  callTotalMs: 30 * 60_000,
  queuedCalls: 256,
  answerBytes: 10 * 1024 * 1024,
  messageBytes: 32 * 1024 * 1024,
}

/** For a process of this machine, and for a server elsewhere. */
export const UPSTREAM_LIMITS: Readonly<Record<'stdio' | 'http', UpstreamLimits>> = {
  stdio: { ...BASE, calls: 16, sessions: 64 },
  http: { ...BASE, calls: 64, sessions: 1024 },
}
