/** The configuration of one start, complete: every setting has its value. */
import type { ConfiguredGroup } from './group-notation.ts'
import type { ConfiguredProvider } from './provider-notation.ts'
import type { LOG_LEVELS } from './schema.ts'

export interface Config {
  readonly host: string
  /** 0: the system chooses. */
  readonly port: number
  /** Whether each request is logged. */
  readonly log: boolean
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly shutdownTimeoutMs: number
  readonly maxRequestBodyBytes: number
  readonly timeouts: Timeouts
  readonly providers: readonly ConfiguredProvider[]
  readonly groups: readonly ConfiguredGroup[]
}

export interface Timeouts {
  /** A plain answer, whole; a stream is not bounded by it (X33). */
  readonly requestMs: number
  /** The head of a client's request. */
  readonly headersMs: number
  /** Silence within a client's body. */
  readonly bodyIdleMs: number
  readonly connectMs: number
  /** Until a stream's first byte. */
  readonly firstByteMs: number
  /** Silence within a stream of a provider. */
  readonly streamIdleMs: number
  /** Silence towards a client, after which it is told that we are still there. */
  readonly keepAliveIntervalMs: number
}
