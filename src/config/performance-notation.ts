/** The block `performance` of the file: limits, times, and what is done when a provider fails. */
import { parseDuration } from './duration.ts'

export interface Performance {
  readonly maxRequestBodyBytes: number
  readonly timeouts: Timeouts
  readonly retry: Retry
  readonly breaker: Breaker
  readonly rateLimit: RateLimit
  readonly queue: Queue
  readonly cache: Cache
  readonly metricsEnabled: boolean
}

export interface Timeouts {
  /** A plain answer, whole; a stream is not bounded by it (X33). */
  readonly requestMs: number
  /** The head of a client's request. */
  readonly headersMs: number
  /** Silence within a client's body. */
  readonly bodyIdleMs: number
  /** How long a client may take nothing of its answer. */
  readonly writeStallMs: number
  readonly connectMs: number
  /** Until a stream's first byte. */
  readonly firstByteMs: number
  /** Silence within a stream of a provider. */
  readonly streamIdleMs: number
  /** Silence towards a client, after which it is told that we are still there. */
  readonly keepAliveIntervalMs: number
}

export interface Retry {
  /** Calls for one request in all, over keys and targets; at least 1. */
  readonly attempts: number
  /** A provider that asks to wait longer is left for the next one. */
  readonly maxWaitMs: number
}

export interface Breaker {
  readonly enabled: boolean
  /** Failures in a row that open it. */
  readonly threshold: number
  /** How long it stays open before one request may try. */
  readonly timeoutMs: number
}

export interface RateLimit {
  readonly enabled: boolean
  readonly requestsPerMinute: number
  /** How many may come at once beyond that (X6). */
  readonly burst: number
}

/** What one key of the gateway may have in flight. */
export interface Queue {
  /** 0: no bound. */
  readonly maxConcurrent: number
  readonly limit: number
  readonly timeoutMs: number
}

export interface Cache {
  readonly enabled: boolean
  readonly ttlMs: number
}

export interface WrittenPerformance {
  readonly request_timeout?: string
  readonly max_request_body_size?: number
  readonly headers_timeout?: string
  readonly body_idle_timeout?: string
  readonly write_stall_timeout?: string
  readonly connect_timeout?: string
  readonly first_byte_timeout?: string
  readonly stream_idle_timeout?: string
  readonly keep_alive_interval?: string
  readonly max_attempts?: number
  readonly max_retry_wait?: string
  readonly circuit_breaker_enabled?: boolean
  readonly circuit_breaker_threshold?: number
  readonly circuit_breaker_timeout?: string
  readonly rate_limit_enabled?: boolean
  readonly rate_limit_requests_per_min?: number
  readonly rate_limit_burst?: number
  readonly max_concurrent_requests?: number
  readonly queue_limit?: number
  readonly queue_timeout?: string
  readonly cache_enabled?: boolean
  readonly cache_ttl?: string
  readonly metrics_enabled?: boolean
}

export const DURATION = { type: 'string', format: 'duration' } as const
export const BODY_BYTES = { type: 'integer', minimum: 1024, maximum: 1_073_741_824 } as const

const SWITCH = { type: 'boolean' } as const
const COUNT = { type: 'integer', minimum: 0, maximum: 1_000_000_000 } as const
const POSITIVE = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const

/** JSON Schema of `WrittenPerformance`. */
export const PERFORMANCE_SCHEMA = {
  type: 'object',
  properties: {
    request_timeout: DURATION,
    max_request_body_size: BODY_BYTES,
    headers_timeout: DURATION,
    body_idle_timeout: DURATION,
    write_stall_timeout: DURATION,
    connect_timeout: DURATION,
    first_byte_timeout: DURATION,
    stream_idle_timeout: DURATION,
    keep_alive_interval: DURATION,
    max_attempts: { type: 'integer', minimum: 1, maximum: 100 },
    max_retry_wait: DURATION,
    circuit_breaker_enabled: SWITCH,
    circuit_breaker_threshold: POSITIVE,
    circuit_breaker_timeout: DURATION,
    rate_limit_enabled: SWITCH,
    rate_limit_requests_per_min: POSITIVE,
    rate_limit_burst: COUNT,
    max_concurrent_requests: COUNT,
    queue_limit: COUNT,
    queue_timeout: DURATION,
    cache_enabled: SWITCH,
    cache_ttl: DURATION,
    metrics_enabled: SWITCH,
  },
} as const

/** @param written valid by `PERFORMANCE_SCHEMA`. */
export function readPerformance(written: WrittenPerformance): Performance {
  return {
    maxRequestBodyBytes: written.max_request_body_size ?? 10_485_760,
    timeouts: readTimeouts(written),
    retry: { attempts: written.max_attempts ?? 3, maxWaitMs: parseDuration(written.max_retry_wait ?? '20s') },
    breaker: {
      enabled: written.circuit_breaker_enabled ?? true,
      threshold: written.circuit_breaker_threshold ?? 5,
      timeoutMs: parseDuration(written.circuit_breaker_timeout ?? '60s'),
    },
    rateLimit: {
      enabled: written.rate_limit_enabled ?? false,
      requestsPerMinute: written.rate_limit_requests_per_min ?? 60,
      burst: written.rate_limit_burst ?? 10,
    },
    queue: {
      maxConcurrent: written.max_concurrent_requests ?? 0,
      limit: written.queue_limit ?? 100,
      timeoutMs: parseDuration(written.queue_timeout ?? '30s'),
    },
    cache: { enabled: written.cache_enabled ?? false, ttlMs: parseDuration(written.cache_ttl ?? '5m') },
    metricsEnabled: written.metrics_enabled ?? true,
  }
}

function readTimeouts(written: WrittenPerformance): Timeouts {
  const request = written.request_timeout
  return {
    requestMs: parseDuration(request ?? '30s'),
    headersMs: parseDuration(written.headers_timeout ?? '15s'),
    bodyIdleMs: parseDuration(written.body_idle_timeout ?? '30s'),
    writeStallMs: parseDuration(written.write_stall_timeout ?? '120s'),
    connectMs: parseDuration(written.connect_timeout ?? '10s'),
    // Who shortens the one that is known from elsewhere means the wait for a stream as well (X33).
    firstByteMs: parseDuration(written.first_byte_timeout ?? request ?? '120s'),
    streamIdleMs: parseDuration(written.stream_idle_timeout ?? '300s'),
    keepAliveIntervalMs: parseDuration(written.keep_alive_interval ?? '15s'),
  }
}
