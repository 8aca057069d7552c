/** The configuration of one start, complete: every setting has its value. */
import type { ConfiguredModel } from './model-notation.ts'
import type { LOG_LEVELS } from './schema.ts'
import type { ConfiguredTarget } from './target-notation.ts'

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

/** What the file says of a provider; what is absent stays as it is stored, or is known of the name. */
export interface ConfiguredProvider {
  readonly name: string
  /** Trimmed, none empty; absent: the file gives none. */
  readonly keys?: readonly string[]
  readonly baseUrl?: string
  readonly protocol?: string
  readonly models?: readonly ConfiguredModel[]
  readonly enabled?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** What the file says of a group; the aliases that it names get these targets, others stay. */
export interface ConfiguredGroup {
  readonly name: string
  readonly description?: string
  readonly enabled?: boolean
  readonly open?: boolean
  readonly toolMode?: 'auto' | 'compat' | 'native'
  readonly aliases: ReadonlyMap<string, readonly ConfiguredTarget[]>
}
