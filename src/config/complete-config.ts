/** What a configuration file says, completed by the environment and the defaults. */
import { readApiKey } from './api-key-notation.ts'
import type { Config } from './config.ts'
import { parseDuration } from './duration.ts'
import type { Environment } from './expand-variables.ts'
import { type ConfiguredGroup, readGroup, readRoutes } from './group-notation.ts'
import { readMcpServer } from './mcp-notation.ts'
import { readPerformance, type WrittenPerformance } from './performance-notation.ts'
import { type ConfiguredProvider, readProvider, type WrittenProvider } from './provider-notation.ts'
import { CONFIG_SCHEMA } from './schema.ts'
import { readSecurity } from './security-notation.ts'
import type { WrittenConfig } from './written-config.ts'

const DEFAULT_GROUP = 'default'

/** Variables that hold the gateway's own key, the first that is set wins (X15). */
const KEY_VARIABLES = ['INTERLINGUA_API_KEY', 'CCPROXY_APIKEY', 'CCPROXY_API_KEY']

const FIELDS = CONFIG_SCHEMA.properties

/** @param written valid by `CONFIG_SCHEMA`. */
export function completeConfig(written: WrittenConfig, environment: Environment): Config {
  const ports = readPorts(written)
  const logFile = written.log_file?.trim() ?? ''
  const proxyUrl = written.proxy_url?.trim() ?? ''
  const publicUrl = written.public_url?.trim() ?? ''
  const apiKey = readOwnKey(written, environment)
  return {
    host: written.host ?? FIELDS.host.default,
    port: ports[0] ?? FIELDS.port.default,
    ports,
    log: written.log ?? FIELDS.log.default,
    logLevel: written.log_level ?? FIELDS.log_level.default,
    ...(logFile === '' ? {} : { logFile }),
    shutdownTimeoutMs: parseDuration(written.shutdown_timeout ?? FIELDS.shutdown_timeout.default),
    ...(publicUrl === '' ? {} : { publicUrl }),
    ...(apiKey === '' ? {} : { apiKey }),
    apiKeys: Object.entries(written.apikeys ?? {}).map(([name, key]) => readApiKey(name, key)),
    ...(proxyUrl === '' ? {} : { proxyUrl }),
    security: readSecurity(written.security ?? {}),
    longContextThreshold: written.long_context_threshold ?? FIELDS.long_context_threshold.default,
    ...(written.response_model === undefined ? {} : { responseModel: written.response_model }),
    chatCompletionsFormat: written.chat_completions_format ?? FIELDS.chat_completions_format.default,
    ...(written.active_group === undefined ? {} : { activeGroup: written.active_group }),
    ...readPerformance({ ...pickTop(written), ...written.performance }),
    providers: (written.providers ?? []).map((provider, index) => readIndexed(provider, index, environment)),
    groups: readGroups(written),
    mcpServers: Object.entries({ ...written.mcpServers, ...written.servers }).map(([name, server]) =>
      readMcpServer(name, server),
    ),
  }
}

function readPorts({ port, ports }: WrittenConfig): readonly number[] {
  const all = [...(port === undefined ? [] : [port].flat()), ...(ports ?? [])]
  const distinct = all.filter((one, index) => one === 0 || all.indexOf(one) === index)
  return distinct.length === 0 ? [FIELDS.port.default] : distinct
}

/** Two settings of the block `performance` may stand at the top as well. */
function pickTop({ request_timeout, max_request_body_size }: WrittenConfig): WrittenPerformance {
  return {
    ...(request_timeout === undefined ? {} : { request_timeout }),
    ...(max_request_body_size === undefined ? {} : { max_request_body_size }),
  }
}

/** The environment goes before the file, so that a key can be changed without touching it (B009, X15). */
function readOwnKey(written: WrittenConfig, environment: Environment): string {
  const keys = [...KEY_VARIABLES.map((name) => environment[name]), written.apikey]
  return keys.map((key) => key?.trim() ?? '').find((key) => key !== '') ?? ''
}

/** A key by the provider's place in the list goes before what the file says (A050). */
function readIndexed(written: WrittenProvider, index: number, environment: Environment): ConfiguredProvider {
  const key = environment[`CCPROXY_PROVIDERS_${index}_API_KEY`]?.trim() ?? ''
  const provider = readProvider(written)
  return key === '' ? provider : { ...provider, keys: [key] }
}

/** The routes at the top are those of the group `default`, behind its own. */
function readGroups(written: WrittenConfig): readonly ConfiguredGroup[] {
  const groups = Object.entries(written.groups ?? {}).map(([name, group]) => readGroup(name, group))
  if (written.routes === undefined || Object.keys(written.routes).length === 0) return groups
  const own = groups.find((group) => group.name === DEFAULT_GROUP)
  const routes = new Map([...readRoutes(written.routes), ...(own?.routes ?? [])])
  return [
    ...groups.filter((group) => group !== own),
    { ...own, name: DEFAULT_GROUP, aliases: own?.aliases ?? new Map(), routes },
  ]
}
