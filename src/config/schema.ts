/** The shape of a configuration file, as JSON Schema. */
import { API_KEY_SCHEMA } from './api-key-notation.ts'
import { GROUP_SCHEMA } from './group-notation.ts'
import { LOG_LEVELS } from './log-levels.ts'
import { MCP_SERVER_SCHEMA } from './mcp-notation.ts'
import { duration, flag, MAX_REQUEST_BODY_SIZE, PERFORMANCE_SCHEMA, REQUEST_TIMEOUT } from './performance-notation.ts'
import { PROVIDER_SCHEMA } from './provider-notation.ts'
import { ROUTE_SCHEMA } from './route-notation.ts'
import { SECURITY_SCHEMA } from './security-notation.ts'

// 0 lets the system choose.
const PORT = { type: 'integer', minimum: 0, maximum: 65_535 } as const

export const CONFIG_SCHEMA = {
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'Where an editor finds the schema of this file.' },
    host: {
      type: 'string',
      minLength: 1,
      default: '127.0.0.1',
      description: 'Address to listen on; 0.0.0.0 for all.',
    },
    port: {
      type: ['integer', 'array'],
      minimum: PORT.minimum,
      maximum: PORT.maximum,
      minItems: 1,
      items: PORT,
      default: 3456,
      description: 'Port to listen on, or several; 0: a free one.',
    },
    ports: { type: 'array', minItems: 1, items: PORT, description: 'More of them.' },
    log: flag('Log each request.', false),
    log_level: { type: 'string', enum: LOG_LEVELS, default: 'info', description: 'Least level of log lines.' },
    log_file: { type: 'string', default: '', description: 'Where log lines go; empty: standard error.' },
    apikey: {
      type: 'string',
      default: '',
      description: 'The key that clients must send; empty: only this machine may call.',
    },
    apikeys: {
      type: 'object',
      additionalProperties: API_KEY_SCHEMA,
      description: 'More keys, by name, each for some groups.',
    },
    proxy_url: {
      type: 'string',
      format: 'http-url-or-empty',
      default: '',
      description:
        'Proxy for calls to providers; empty: what HTTPS_PROXY, HTTP_PROXY and ALL_PROXY say. NO_PROXY goes before.',
    },
    public_url: {
      type: 'string',
      format: 'http-url-or-empty',
      default: '',
      description: 'Where clients reach the gateway, when a proxy before it puts a path in front.',
    },
    shutdown_timeout: duration('How long answers may take to end when the gateway stops.', '10s'),
    request_timeout: REQUEST_TIMEOUT,
    max_request_body_size: MAX_REQUEST_BODY_SIZE,
    long_context_threshold: {
      type: 'integer',
      minimum: 1,
      default: 60_000,
      description: 'Requests of more tokens take the route longContext.',
    },
    response_model: {
      type: 'string',
      enum: ['provider/model', 'upstream', 'requested'],
      description:
        "Which model a translated answer names; left out: provider/model to Anthropic's protocol, what was asked for to others.",
    },
    chat_completions_format: {
      type: 'string',
      enum: ['openai', 'anthropic', 'auto'],
      default: 'auto',
      description:
        "What /v1/chat/completions answers; auto: OpenAI's form, or Anthropic's to a request with the header anthropic-version.",
    },
    active_group: { type: 'string', minLength: 1, description: 'The group that /switch stands for.' },
    performance: PERFORMANCE_SCHEMA,
    security: SECURITY_SCHEMA,
    providers: { type: 'array', items: PROVIDER_SCHEMA, default: [] },
    routes: {
      type: 'object',
      additionalProperties: ROUTE_SCHEMA,
      default: {},
      description: 'Routes of the group default: exact names of models, and default, longContext, background, think.',
    },
    groups: { type: 'object', additionalProperties: GROUP_SCHEMA, default: {} },
    mcpServers: {
      type: 'object',
      additionalProperties: MCP_SERVER_SCHEMA,
      default: {},
      description: 'Servers behind /mcp and /sse, by name, as Claude Code, Cursor and Gemini CLI have them.',
    },
    servers: {
      type: 'object',
      additionalProperties: MCP_SERVER_SCHEMA,
      default: {},
      description: 'More of them, as VS Code has them.',
    },
    inputs: { type: 'array', description: 'Of VS Code; nobody can be asked here.' },
  },
} as const

/**
 * What the format has and this program takes without obeying it yet: told at start, so that nobody relies on it. Whoever makes one act
 * takes it out here. A `*` stands for any name.
 */
export const NOT_ACTING_YET: ReadonlySet<string> = new Set([
  'log_file',
  'chat_completions_format',
  'security.audit_enabled',
  'security.ip_whitelist',
  'security.ip_blacklist',
  'security.allowed_headers',
  'security.cors_enabled',
  'security.cors_origins',
  'performance.rate_limit_enabled',
  'performance.rate_limit_requests_per_min',
  'performance.rate_limit_burst',
  'performance.max_concurrent_requests',
  'performance.queue_limit',
  'performance.queue_timeout',
  'performance.cache_enabled',
  'performance.cache_ttl',
  'performance.metrics_enabled',
])
