/** The shape of a configuration file, as JSON Schema. */
import { GROUP_SCHEMA } from './group-notation.ts'
import { PARAMETERS_SCHEMA } from './parameters.ts'
import { PROVIDER_SCHEMA } from './provider-notation.ts'

const DURATION = { type: 'string', format: 'duration' } as const
const TEXT = { type: 'string', minLength: 1 } as const
const SWITCH = { type: 'boolean' } as const
const BODY_BYTES = { type: 'integer', minimum: 1024, maximum: 1_073_741_824 } as const

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

const ROUTE = {
  type: 'object',
  required: ['provider', 'model'],
  properties: {
    provider: TEXT,
    model: TEXT,
    parameters: PARAMETERS_SCHEMA,
    // Taken and without effect, as where the format comes from (X13).
    conditions: { type: 'array' },
  },
} as const

export const CONFIG_SCHEMA = {
  type: 'object',
  properties: {
    host: TEXT,
    // 0 lets the system choose.
    port: { type: 'integer', minimum: 0, maximum: 65_535 },
    log: SWITCH,
    log_level: { type: 'string', enum: LOG_LEVELS },
    shutdown_timeout: DURATION,
    request_timeout: DURATION,
    max_request_body_size: BODY_BYTES,
    performance: {
      type: 'object',
      properties: {
        request_timeout: DURATION,
        max_request_body_size: BODY_BYTES,
        headers_timeout: DURATION,
        body_idle_timeout: DURATION,
        connect_timeout: DURATION,
        first_byte_timeout: DURATION,
        stream_idle_timeout: DURATION,
        keep_alive_interval: DURATION,
      },
    },
    providers: { type: 'array', items: PROVIDER_SCHEMA },
    routes: { type: 'object', additionalProperties: ROUTE },
    groups: { type: 'object', additionalProperties: GROUP_SCHEMA },
  },
} as const

/**
 * What the format has and this program takes without obeying it yet: told at start, so that nobody relies on it.
 * A `*` stands for any name.
 */
export const NOT_ACTING_YET: ReadonlySet<string> = new Set([
  'apikey',
  'log_file',
  'proxy_url',
  'security',
  'performance.metrics_enabled',
  'performance.rate_limit_enabled',
  'performance.rate_limit_requests_per_min',
  'performance.rate_limit_burst',
  'performance.circuit_breaker_enabled',
  'performance.circuit_breaker_threshold',
  'performance.circuit_breaker_timeout',
  'performance.cache_enabled',
  'performance.cache_ttl',
  'performance.write_stall_timeout',
  'performance.queue_limit',
  'performance.queue_timeout',
  'performance.max_concurrent_requests',
  'performance.max_retry_wait',
  'routes.*.fallbacks',
  'groups.*.routes',
  'groups.*.tool_filter',
  'groups.*.prompt',
  'groups.*.parameters',
])
