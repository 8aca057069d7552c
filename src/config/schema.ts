/** The shape of a configuration file, as JSON Schema. */
import { API_KEY_SCHEMA } from './api-key-notation.ts'
import { GROUP_SCHEMA } from './group-notation.ts'
import { BODY_BYTES, DURATION, PERFORMANCE_SCHEMA } from './performance-notation.ts'
import { PROVIDER_SCHEMA } from './provider-notation.ts'
import { ROUTE_SCHEMA } from './route-notation.ts'
import { SECURITY_SCHEMA } from './security-notation.ts'

const TEXT = { type: 'string', minLength: 1 } as const
const SWITCH = { type: 'boolean' } as const

// 0 lets the system choose.
const PORT = { type: 'integer', minimum: 0, maximum: 65_535 } as const

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

export const CONFIG_SCHEMA = {
  type: 'object',
  properties: {
    // Where an editor finds this schema.
    $schema: { type: 'string' },
    host: TEXT,
    port: { type: ['integer', 'array'], minimum: PORT.minimum, maximum: PORT.maximum, minItems: 1, items: PORT },
    ports: { type: 'array', minItems: 1, items: PORT },
    log: SWITCH,
    log_level: { type: 'string', enum: LOG_LEVELS },
    log_file: { type: 'string' },
    apikey: { type: 'string' },
    apikeys: { type: 'object', additionalProperties: API_KEY_SCHEMA },
    proxy_url: { type: 'string', format: 'http-url-or-empty' },
    shutdown_timeout: DURATION,
    request_timeout: DURATION,
    max_request_body_size: BODY_BYTES,
    long_context_threshold: { type: 'integer', minimum: 1 },
    response_model: { type: 'string', enum: ['provider/model', 'upstream', 'requested'] },
    chat_completions_format: { type: 'string', enum: ['openai', 'anthropic', 'auto'] },
    active_group: TEXT,
    performance: PERFORMANCE_SCHEMA,
    security: SECURITY_SCHEMA,
    providers: { type: 'array', items: PROVIDER_SCHEMA },
    routes: { type: 'object', additionalProperties: ROUTE_SCHEMA },
    groups: { type: 'object', additionalProperties: GROUP_SCHEMA },
  },
} as const

/**
 * What the format has and this program takes without obeying it yet: told at start, so that nobody relies on it. Whoever makes one act
 * takes it out here. A `*` stands for any name.
 */
export const NOT_ACTING_YET: ReadonlySet<string> = new Set([
  'apikey',
  'apikeys',
  'log_file',
  'proxy_url',
  'ports',
  'long_context_threshold',
  'response_model',
  'chat_completions_format',
  'active_group',
  'security',
  'performance.write_stall_timeout',
  'performance.max_attempts',
  'performance.max_retry_wait',
  'performance.circuit_breaker_enabled',
  'performance.circuit_breaker_threshold',
  'performance.circuit_breaker_timeout',
  'performance.rate_limit_enabled',
  'performance.rate_limit_requests_per_min',
  'performance.rate_limit_burst',
  'performance.max_concurrent_requests',
  'performance.queue_limit',
  'performance.queue_timeout',
  'performance.cache_enabled',
  'performance.cache_ttl',
  'performance.metrics_enabled',
  'routes.*.fallbacks',
  'groups.*.routes',
  'groups.*.models',
  'groups.*.strategy',
  'groups.*.parameters',
  'groups.*.prompt',
  'groups.*.prompt_replacements',
  'groups.*.tool_filter',
  'groups.*.temperature_ratio',
  'groups.*.max_context_tokens',
  'groups.*.invalid_tool_calls',
  'groups.*.body_parameters',
  'groups.*.headers',
])
