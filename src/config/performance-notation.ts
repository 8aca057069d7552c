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

/** A part of a JSON Schema: a duration. */
export function duration<const Default extends string>(description: string, otherwise: Default) {
  return { type: 'string', format: 'duration', default: otherwise, description } as const
}

/** A part of a JSON Schema: yes or no. */
export function flag<const Default extends boolean>(description: string, otherwise: Default) {
  return { type: 'boolean', default: otherwise, description } as const
}

export const REQUEST_TIMEOUT = duration(
  'Bounds an answer that is no stream, whole; of a stream the first byte, where first_byte_timeout is not set.',
  '30s',
)

export const MAX_REQUEST_BODY_SIZE = {
  type: 'integer',
  minimum: 1024,
  maximum: 1_073_741_824,
  default: 10_485_760,
  description: 'Bytes of a request, after decompression.',
} as const

function count<const Default extends number>(description: string, least: 0 | 1, otherwise: Default) {
  return { type: 'integer', minimum: least, maximum: 1_000_000_000, default: otherwise, description } as const
}

/** JSON Schema of `WrittenPerformance`. */
export const PERFORMANCE_SCHEMA = {
  type: 'object',
  properties: {
    request_timeout: REQUEST_TIMEOUT,
    max_request_body_size: MAX_REQUEST_BODY_SIZE,
    headers_timeout: duration('How long a client may take for the head of a request.', '15s'),
    body_idle_timeout: duration("Silence within a client's body.", '30s'),
    write_stall_timeout: duration('How long a client may take nothing of its answer.', '120s'),
    connect_timeout: duration('Connecting to a provider.', '10s'),
    first_byte_timeout: duration("Until a stream's first byte; request_timeout where that is set.", '120s'),
    stream_idle_timeout: duration('Silence within a stream of a provider.', '300s'),
    keep_alive_interval: duration('Silence towards a client, after which it is sent a sign of life.', '15s'),
    max_attempts: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 3,
      description: 'Calls for one request in all, over keys and targets.',
    },
    max_retry_wait: duration('A provider that asks to wait longer is left for the next target.', '20s'),
    circuit_breaker_enabled: flag('Leave a target out for a while after it failed several times in a row.', true),
    circuit_breaker_threshold: count('Failures in a row that open the breaker.', 1, 5),
    circuit_breaker_timeout: duration('How long it stays open before one request may try.', '60s'),
    rate_limit_enabled: flag('Limit requests per caller.', false),
    rate_limit_requests_per_min: count('Requests of one caller per minute.', 1, 60),
    rate_limit_burst: count('How many more may come at once.', 0, 10),
    max_concurrent_requests: count('Requests of one caller at the same time; 0: no bound.', 0, 0),
    queue_limit: count('How many more of one caller may wait for their turn.', 0, 100),
    queue_timeout: duration('How long they may wait.', '30s'),
    cache_enabled: flag('Keep answers to requests that come again.', false),
    cache_ttl: duration('How long they are kept.', '5m'),
    metrics_enabled: flag('Count requests and serve the counters.', true),
  },
} as const

const FIELDS = PERFORMANCE_SCHEMA.properties

/** @param written valid by `PERFORMANCE_SCHEMA`. */
export function readPerformance(written: WrittenPerformance): Performance {
  return {
    maxRequestBodyBytes: written.max_request_body_size ?? MAX_REQUEST_BODY_SIZE.default,
    timeouts: readTimeouts(written),
    retry: {
      attempts: written.max_attempts ?? FIELDS.max_attempts.default,
      maxWaitMs: parseDuration(written.max_retry_wait ?? FIELDS.max_retry_wait.default),
    },
    breaker: {
      enabled: written.circuit_breaker_enabled ?? FIELDS.circuit_breaker_enabled.default,
      threshold: written.circuit_breaker_threshold ?? FIELDS.circuit_breaker_threshold.default,
      timeoutMs: parseDuration(written.circuit_breaker_timeout ?? FIELDS.circuit_breaker_timeout.default),
    },
    rateLimit: {
      enabled: written.rate_limit_enabled ?? FIELDS.rate_limit_enabled.default,
      requestsPerMinute: written.rate_limit_requests_per_min ?? FIELDS.rate_limit_requests_per_min.default,
      burst: written.rate_limit_burst ?? FIELDS.rate_limit_burst.default,
    },
    queue: {
      maxConcurrent: written.max_concurrent_requests ?? FIELDS.max_concurrent_requests.default,
      limit: written.queue_limit ?? FIELDS.queue_limit.default,
      timeoutMs: parseDuration(written.queue_timeout ?? FIELDS.queue_timeout.default),
    },
    cache: {
      enabled: written.cache_enabled ?? FIELDS.cache_enabled.default,
      ttlMs: parseDuration(written.cache_ttl ?? FIELDS.cache_ttl.default),
    },
    metricsEnabled: written.metrics_enabled ?? FIELDS.metrics_enabled.default,
  }
}

function readTimeouts(written: WrittenPerformance): Timeouts {
  const request = written.request_timeout
  return {
    requestMs: parseDuration(request ?? REQUEST_TIMEOUT.default),
    headersMs: parseDuration(written.headers_timeout ?? FIELDS.headers_timeout.default),
    bodyIdleMs: parseDuration(written.body_idle_timeout ?? FIELDS.body_idle_timeout.default),
    writeStallMs: parseDuration(written.write_stall_timeout ?? FIELDS.write_stall_timeout.default),
    connectMs: parseDuration(written.connect_timeout ?? FIELDS.connect_timeout.default),
    // Who shortens the one that is known from elsewhere means the wait for a stream as well (X33).
    firstByteMs: parseDuration(written.first_byte_timeout ?? request ?? FIELDS.first_byte_timeout.default),
    streamIdleMs: parseDuration(written.stream_idle_timeout ?? FIELDS.stream_idle_timeout.default),
    keepAliveIntervalMs: parseDuration(written.keep_alive_interval ?? FIELDS.keep_alive_interval.default),
  }
}
