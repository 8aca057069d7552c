/**
 * The configuration of one start, complete: every setting has its value, and what may be absent says so.
 *
 * Units stand in names. Whatever the file calls it (`circuit_breaker_timeout`), here it has the name of what it is (`breaker.timeoutMs`);
 * docs/configuration.md lists the file's names with their defaults. `NOT_ACTING_YET` in schema.ts tells what nobody obeys so far.
 */
import type { ConfiguredApiKey } from './api-key-notation.ts'
import type { ConfiguredGroup } from './group-notation.ts'
import type { LogLevel } from './log-levels.ts'
import type { ConfiguredMcpServer } from './mcp-notation.ts'
import type { Performance } from './performance-notation.ts'
import type { ConfiguredProvider } from './provider-notation.ts'
import type { Security } from './security-notation.ts'

export interface Config extends Performance {
  readonly host: string
  /** The first of `ports`. 0: the system chooses. */
  readonly port: number
  /** Every port to listen on, at least one, none twice but 0 (X5). */
  readonly ports: readonly number[]
  /** Whether each request is logged. */
  readonly log: boolean
  readonly logLevel: LogLevel
  /** Absent: standard error. */
  readonly logFile?: string
  readonly shutdownTimeoutMs: number
  /** Where clients reach the gateway; absent: where it listens. */
  readonly publicUrl?: string
  /** The key that opens everything, trimmed and not empty. Absent: only this machine may call (A175). */
  readonly apiKey?: string
  /** Keys beside it that open some groups; each by its name. */
  readonly apiKeys: readonly ConfiguredApiKey[]
  /** Calls to providers go through it, where the provider names none of its own. */
  readonly proxyUrl?: string
  readonly security: Security
  /** A request of more tokens takes the route `longContext` (A070). */
  readonly longContextThreshold: number
  /** Which model a translated answer names. Absent: `provider/model` to Anthropic's protocol, what was asked for to others (X19). */
  readonly responseModel?: 'provider/model' | 'upstream' | 'requested'
  /** What `/v1/chat/completions` answers; `auto`: OpenAI's, or Anthropic's to a request with the header `anthropic-version` (X2). */
  readonly chatCompletionsFormat: 'openai' | 'anthropic' | 'auto'
  /** What `/switch` stands for. Absent: it stays what it is. */
  readonly activeGroup?: string
  /** In the order of the file, which counts for `CCPROXY_PROVIDERS_<n>_API_KEY` only. */
  readonly providers: readonly ConfiguredProvider[]
  /** In any order. The routes at the top of the file are those of the group `default`. */
  readonly groups: readonly ConfiguredGroup[]
  /** In the order of the file, which is that of the lists that clients see. */
  readonly mcpServers: readonly ConfiguredMcpServer[]
}
