/** The configuration file as `CONFIG_SCHEMA` has it. */
import type { WrittenApiKey } from './api-key-notation.ts'
import type { Config } from './config.ts'
import type { WrittenGroup } from './group-notation.ts'
import type { WrittenMcpServer } from './mcp-notation.ts'
import type { WrittenPerformance } from './performance-notation.ts'
import type { WrittenProvider } from './provider-notation.ts'
import type { WrittenRoute } from './route-notation.ts'
import type { WrittenSecurity } from './security-notation.ts'

export interface WrittenConfig {
  readonly $schema?: string
  readonly host?: string
  readonly port?: number | readonly number[]
  readonly ports?: readonly number[]
  readonly log?: boolean
  readonly log_level?: Config['logLevel']
  readonly log_file?: string
  readonly apikey?: string
  readonly apikeys?: Readonly<Record<string, WrittenApiKey>>
  readonly proxy_url?: string
  readonly public_url?: string
  readonly shutdown_timeout?: string
  readonly request_timeout?: string
  readonly max_request_body_size?: number
  readonly long_context_threshold?: number
  readonly response_model?: Exclude<Config['responseModel'], undefined>
  readonly chat_completions_format?: Config['chatCompletionsFormat']
  readonly active_group?: string
  readonly performance?: WrittenPerformance
  readonly security?: WrittenSecurity
  readonly providers?: readonly WrittenProvider[]
  readonly routes?: Readonly<Record<string, WrittenRoute>>
  readonly groups?: Readonly<Record<string, WrittenGroup>>
  readonly mcpServers?: Readonly<Record<string, WrittenMcpServer>>
  readonly servers?: Readonly<Record<string, WrittenMcpServer>>
  readonly inputs?: readonly unknown[]
}
