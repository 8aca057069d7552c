import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { writeProblem } from '../config/config-fault.ts'
import { findPlaces } from '../config/find-places.ts'
import { loadConfig } from '../config/load-config.ts'
import { applyConfig } from '../registry/apply-config.ts'
import { RegistryFault } from '../registry/registry-fault.ts'
import { openStore } from '../store/open-store.ts'

/**
 * Prints whether a gateway would start with a file, and with which warnings.
 *
 * @param wanted the file; absent: the one that `start` would take.
 * @throws Error that names the file and what is wrong.
 */
export function checkConfig(wanted: string | undefined): void {
  const { configFile: file } = findPlaces(wanted === undefined ? {} : { configFile: wanted })
  if (file === undefined) {
    process.stdout.write('There is no config file: every setting has its default.\n')
    return
  }
  const { config, warnings } = loadConfig(file, process.env)
  for (const warning of warnings) process.stdout.write(`warning: ${writeProblem(warning)}\n`)
  for (const notice of rehearse(file, config)) process.stdout.write(`warning: ${file}: ${notice}\n`)
  const { providers, groups, mcpServers } = config
  const counts = `${providers.length} providers, ${groups.length} groups, ${mcpServers.length} MCP servers`
  process.stdout.write(`${file} is right: ${counts}.\n`)
}

/** What only shows when it meets the registry shows with an empty one as well. @throws Error that names the file. */
function rehearse(file: string, config: Config): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'interlingua-check-'))
  const store = openStore({ directory })
  try {
    return applyConfig(config, store, process.env)
  } catch (error) {
    if (!(error instanceof RegistryFault)) throw error
    throw new Error(`${file}: ${error.message}.`, { cause: error })
  } finally {
    store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
