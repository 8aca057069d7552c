/** Reads the configuration file and the environment. */
import { createHash } from 'node:crypto'
import { completeConfig } from './complete-config.ts'
import type { Config } from './config.ts'
import { ConfigFault, type ConfigProblem } from './config-fault.ts'
import { expandText } from './expand-text.ts'
import type { Environment } from './expand-variables.ts'
import { findOddSettings } from './find-odd-settings.ts'
import { findUnknownKeys } from './find-unknown-keys.ts'
import { findMcpFaults } from './mcp-notation.ts'
import type { WrittenProvider } from './provider-notation.ts'
import { readConfigFile } from './read-config-file.ts'
import { readDocument } from './read-document.ts'
import { CONFIG_SCHEMA } from './schema.ts'
import { compileSchema, type SchemaProblem } from './validator.ts'
import type { WrittenConfig } from './written-config.ts'

export interface LoadedConfig {
  readonly config: Config
  /** What is in the file and does not act, or not as one might think. */
  readonly warnings: readonly ConfigProblem[]
  /** Of the text as it was read: the same as long as the text is. Absent without a file. */
  readonly digest?: string
}

const findProblems = compileSchema(CONFIG_SCHEMA)

/**
 * Reads, expands and checks a configuration.
 *
 * @param file absent: everything has its default.
 * @throws ConfigFault with every problem that was found.
 */
export function loadConfig(file: string | undefined, environment: Environment): LoadedConfig {
  if (file === undefined) return { config: completeConfig({}, environment), warnings: [] }
  return parseConfig(file, readConfigFile(file), environment)
}

/**
 * The same for a text that is no file yet.
 *
 * @param name what problems call it; its end tells the notation as that of a file does.
 * @throws ConfigFault with every problem that was found.
 */
export function parseConfig(name: string, text: string, environment: Environment): LoadedConfig {
  const document = readDocument(name, text, (part, path) => expandText(part, path, environment))
  const place = ({ path, problem }: SchemaProblem): ConfigProblem => document.locate(path, problem)
  const problems = findProblems(document.value)
  if (problems.length > 0) throw new ConfigFault(problems.map(place))
  // The schema has just said so.
  const written = document.value as WrittenConfig
  const faults = [...findDoubled(written.providers ?? []), ...judgeMcpServers(written)]
  if (faults.length > 0) throw new ConfigFault(faults.map(place))
  const warnings = [...findUnknownKeys(CONFIG_SCHEMA, written), ...findOddSettings(written)].map(place)
  return { config: completeConfig(written, environment), warnings, digest: digestOf(text) }
}

function judgeMcpServers({ mcpServers = {}, servers = {} }: WrittenConfig): readonly SchemaProblem[] {
  return Object.entries({ mcpServers, servers }).flatMap(([family, named]) =>
    Object.entries(named).flatMap(([name, server]) => {
      const isDoubled = family === 'servers' && Object.hasOwn(mcpServers, name)
      const faults = [...findMcpFaults(name, server), ...(isDoubled ? ['stands under mcpServers too'] : [])]
      return faults.map((problem) => ({ path: [family, name], problem }))
    }),
  )
}

/** Tells one text of a configuration file from another. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Two providers of one name would be mixed into one (T76). */
function findDoubled(providers: readonly WrittenProvider[]): readonly SchemaProblem[] {
  const seen = new Set<string>()
  return providers.flatMap(({ name }, index) => {
    const known = name.trim().toLowerCase()
    if (!seen.has(known)) {
      seen.add(known)
      return []
    }
    return [{ path: ['providers', index, 'name'], problem: 'is the name of another provider too' }]
  })
}
