/** Reads the configuration file and the environment. */
import { readFileSync } from 'node:fs'
import type { Config, Timeouts } from './config.ts'
import { ConfigFault, type ConfigProblem } from './config-fault.ts'
import { parseDuration } from './duration.ts'
import { type Environment, expandVariables } from './expand-variables.ts'
import { findUnknownKeys } from './find-unknown-keys.ts'
import { type ConfiguredGroup, readGroup, type WrittenGroup } from './group-notation.ts'
import { readJsonc } from './jsonc-document.ts'
import type { WrittenParameters } from './parameters.ts'
import { type ConfiguredProvider, readProvider, type WrittenProvider } from './provider-notation.ts'
import { CONFIG_SCHEMA } from './schema.ts'
import { type ConfiguredTarget, readTargets } from './target-notation.ts'
import { compileSchema } from './validator.ts'

export interface LoadedConfig {
  readonly config: Config
  /** What is in the file and does not act, or not as one might think. */
  readonly warnings: readonly ConfigProblem[]
}

/** The file as `CONFIG_SCHEMA` has it. */
interface WrittenConfig {
  readonly host?: string
  readonly port?: number
  readonly log?: boolean
  readonly log_level?: Config['logLevel']
  readonly shutdown_timeout?: string
  readonly request_timeout?: string
  readonly max_request_body_size?: number
  readonly performance?: WrittenPerformance
  readonly providers?: readonly WrittenProvider[]
  readonly routes?: Readonly<Record<string, WrittenRoute>>
  readonly groups?: Readonly<Record<string, WrittenGroup>>
}

interface WrittenPerformance {
  readonly request_timeout?: string
  readonly max_request_body_size?: number
  readonly headers_timeout?: string
  readonly body_idle_timeout?: string
  readonly connect_timeout?: string
  readonly first_byte_timeout?: string
  readonly stream_idle_timeout?: string
  readonly keep_alive_interval?: string
}

interface WrittenRoute {
  readonly provider: string
  readonly model: string
  readonly parameters?: WrittenParameters
}

/** Routes that act on more than the name; taken and told, until routing knows them. */
const SPECIAL_ROUTES: ReadonlySet<string> = new Set(['longContext', 'background', 'think'])

const DEFAULT_GROUP = 'default'

const findProblems = compileSchema(CONFIG_SCHEMA)

/**
 * Reads, expands and checks a configuration.
 *
 * @param file absent: everything has its default.
 * @throws ConfigFault with every problem that was found.
 */
export function loadConfig(file: string | undefined, environment: Environment): LoadedConfig {
  if (file === undefined) return { config: complete({}, environment), warnings: [] }
  const document = readJsonc(file, readText(file), (text) => expandVariables(text, environment))
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

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${String(code ?? error)})`
    throw new ConfigFault([{ file, path: '', problem }], { cause: error })
  }
}

function complete(written: WrittenConfig, environment: Environment): Config {
  const performance = written.performance ?? {}
  return {
    host: written.host ?? '127.0.0.1',
    port: written.port ?? 3456,
    log: written.log ?? false,
    logLevel: written.log_level ?? 'info',
    shutdownTimeoutMs: parseDuration(written.shutdown_timeout ?? '10s'),
    maxRequestBodyBytes: performance.max_request_body_size ?? written.max_request_body_size ?? 10_485_760,
    timeouts: readTimeouts(performance, performance.request_timeout ?? written.request_timeout),
    providers: (written.providers ?? []).map((provider, index) => readIndexed(provider, index, environment)),
    groups: readGroups(written),
  }
}

function readTimeouts(performance: WrittenPerformance, request: string | undefined): Timeouts {
  return {
    requestMs: parseDuration(request ?? '30s'),
    headersMs: parseDuration(performance.headers_timeout ?? '15s'),
    bodyIdleMs: parseDuration(performance.body_idle_timeout ?? '30s'),
    connectMs: parseDuration(performance.connect_timeout ?? '10s'),
    // Who shortens the one that is known from elsewhere means the wait for a stream as well (X33).
    firstByteMs: parseDuration(performance.first_byte_timeout ?? request ?? '120s'),
    streamIdleMs: parseDuration(performance.stream_idle_timeout ?? '300s'),
    keepAliveIntervalMs: parseDuration(performance.keep_alive_interval ?? '15s'),
  }
}

/** A key by the provider's place in the list goes before what the file says (A050). */
function readIndexed(written: WrittenProvider, index: number, environment: Environment): ConfiguredProvider {
  const key = environment[`CCPROXY_PROVIDERS_${index}_API_KEY`]
  if (key === undefined || key.trim() === '') return readProvider(written)
  const { api_keys: _, ...rest } = written
  return readProvider({ ...rest, api_key: key })
}

/** Routes are aliases of the default group: `default` takes every name, any other the name that it bears. */
function readGroups(written: WrittenConfig): readonly ConfiguredGroup[] {
  const groups = Object.entries(written.groups ?? {}).map(([name, group]) => readGroup(name, group))
  const routes = Object.entries(written.routes ?? {}).filter(([name]) => !SPECIAL_ROUTES.has(name))
  if (routes.length === 0) return groups
  const own = groups.find((group) => group.name === DEFAULT_GROUP)
  const aliases = new Map<string, readonly ConfiguredTarget[]>([
    ...routes.map(([name, route]): [string, readonly ConfiguredTarget[]] => [
      name === 'default' ? '*' : name,
      readTargets(route),
    ]),
    ...(own?.aliases ?? []),
  ])
  return [...groups.filter((group) => group !== own), { ...own, name: DEFAULT_GROUP, aliases }]
}
