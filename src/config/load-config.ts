/** Reads the configuration file and the environment. */
import { readApiKey, type WrittenApiKey } from './api-key-notation.ts'
import type { Config } from './config.ts'
import { ConfigFault, type ConfigProblem } from './config-fault.ts'
import { parseDuration } from './duration.ts'
import { type Environment, expandVariables } from './expand-variables.ts'
import { findUnknownKeys } from './find-unknown-keys.ts'
import { type ConfiguredGroup, readGroup, readRoutes, type WrittenGroup } from './group-notation.ts'
import { readPerformance, type WrittenPerformance } from './performance-notation.ts'
import { type ConfiguredProvider, readProvider, type WrittenProvider } from './provider-notation.ts'
import { readDocument } from './read-document.ts'
import type { WrittenRoute } from './route-notation.ts'
import { CONFIG_SCHEMA } from './schema.ts'
import { readSecurity, type WrittenSecurity } from './security-notation.ts'
import type { ConfiguredTarget } from './target-notation.ts'
import { compileSchema } from './validator.ts'

export interface LoadedConfig {
  readonly config: Config
  /** What is in the file and does not act, or not as one might think. */
  readonly warnings: readonly ConfigProblem[]
}

/** The file as `CONFIG_SCHEMA` has it. */
interface WrittenConfig {
  readonly host?: string
  readonly port?: number | readonly number[]
  readonly ports?: readonly number[]
  readonly log?: boolean
  readonly log_level?: Config['logLevel']
  readonly log_file?: string
  readonly apikey?: string
  readonly apikeys?: Readonly<Record<string, WrittenApiKey>>
  readonly proxy_url?: string
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
}

/** Routes that act on more than the name; taken and told, until routing knows them. */
const SPECIAL_ROUTES: ReadonlySet<string> = new Set(['longContext', 'background', 'think'])

const DEFAULT_GROUP = 'default'

const findProblems = compileSchema(CONFIG_SCHEMA)

const FIELDS = CONFIG_SCHEMA.properties

/**
 * Reads, expands and checks a configuration.
 *
 * @param file absent: everything has its default.
 * @throws ConfigFault with every problem that was found.
 */
export function loadConfig(file: string | undefined, environment: Environment): LoadedConfig {
  if (file === undefined) return { config: complete({}, environment), warnings: [] }
  const document = readDocument(file, (text) => expandVariables(text, environment))
  const problems = findProblems(document.value)
  if (problems.length > 0) throw new ConfigFault(problems.map(({ path, problem }) => document.locate(path, problem)))
  // The schema has just said so.
  const written = document.value as WrittenConfig
  const doubled = findDoubled(written.providers ?? [])
  if (doubled.length > 0) throw new ConfigFault(doubled.map(({ path, problem }) => document.locate(path, problem)))
  const warnings = [
    ...findUnknownKeys(CONFIG_SCHEMA, written).map(({ path, problem }) => document.locate(path, problem)),
    ...Object.keys(written.routes ?? {})
      .filter((name) => SPECIAL_ROUTES.has(name))
      .map((name) => document.locate(['routes', name], 'is taken, but does not act yet')),
  ]
  return { config: complete(written, environment), warnings }
}

/** Two providers of one name would be mixed into one. */
function findDoubled(providers: readonly WrittenProvider[]): { path: (string | number)[]; problem: string }[] {
  const seen = new Set<string>()
  return providers.flatMap(({ name }, index) => {
    const known = name.toLowerCase()
    if (!seen.has(known)) {
      seen.add(known)
      return []
    }
    return [{ path: ['providers', index, 'name'], problem: 'is the name of another provider too' }]
  })
}

function complete(written: WrittenConfig, environment: Environment): Config {
  const ports = readPorts(written)
  const logFile = written.log_file?.trim() ?? ''
  const proxyUrl = written.proxy_url?.trim() ?? ''
  const apiKey = readOwnKey(written, environment)
  return {
    host: written.host ?? FIELDS.host.default,
    port: ports[0] ?? FIELDS.port.default,
    ports,
    log: written.log ?? FIELDS.log.default,
    logLevel: written.log_level ?? FIELDS.log_level.default,
    ...(logFile === '' ? {} : { logFile }),
    shutdownTimeoutMs: parseDuration(written.shutdown_timeout ?? FIELDS.shutdown_timeout.default),
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

const KEY_VARIABLES = ['INTERLINGUA_API_KEY', 'CCPROXY_APIKEY', 'CCPROXY_API_KEY']

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
  const aliases = new Map([...readAsAliases(routes), ...(own?.aliases ?? [])])
  return [...groups.filter((group) => group !== own), { ...own, name: DEFAULT_GROUP, aliases, routes }]
}

/** What the registry serves until it knows routes: `default` takes every name, any other but the special ones the name that it bears. */
function readAsAliases(
  routes: ReadonlyMap<string, readonly ConfiguredTarget[]>,
): readonly (readonly [string, readonly ConfiguredTarget[]])[] {
  return [...routes]
    .filter(([name]) => !SPECIAL_ROUTES.has(name))
    .map(([name, targets]) => [name === 'default' ? '*' : name, targets])
}
