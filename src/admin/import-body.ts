/** A configuration, ours or another program's, as the management API takes it. */
import type { Config } from '../config/config.ts'
import { writeProblem } from '../config/config-fault.ts'
import { FOREIGN, type Foreign } from '../config/import/foreign.ts'
import type { LeftOut } from '../config/import/imported.ts'
import { leaveVariablesOut } from '../config/import/leave-variables-out.ts'
import { guessName, readForeign, recognizeForeign } from '../config/import/read-foreign.ts'
import { parseConfig } from '../config/load-config.ts'
import { readDocument } from '../config/read-document.ts'
import { AdminFailure } from './admin-failure.ts'
import { isMembers } from './read-body.ts'

export interface ImportBody {
  readonly from: Foreign | 'interlingua'
  readonly config: Config
  readonly left: readonly LeftOut[]
  readonly warnings: readonly string[]
}

/** What the registry holds; all else is the file's alone. */
const CARRIED: ReadonlySet<string> = new Set([
  ...['providers', 'routes', 'groups', 'active_group', 'mcpServers', 'servers', '$schema', 'inputs'],
])

/**
 * @param from whose it is said to be; absent: it is looked for.
 * @throws AdminFailure 400, and ConfigFault with every problem that was found.
 */
export function readImport(text: string, from: unknown): ImportBody {
  const name = guessName(text)
  const foreign = from === undefined ? recognizeForeign(name, text) : readOrigin(from)
  const imported =
    foreign === undefined
      ? { written: readDocument(name, text, (part) => part).value, left: [] }
      : readForeign(foreign, name, text)
  const known = leaveVariablesOut(imported.written)
  const [said, unsaid] = partSettings(known.value)
  // As it stands where that is possible, so that problems are told with their lines.
  const isWhole = foreign === undefined && known.left.length === 0
  const { config, warnings } = isWhole ? parseConfig(name, text, {}) : parseConfig(name, JSON.stringify(said), {})
  return {
    from: foreign ?? 'interlingua',
    config,
    left: [
      ...imported.left,
      ...known.left,
      ...unsaid.map((path) => ({ path, reason: 'is a setting of the config file, which is not changed from here' })),
    ],
    warnings: warnings.map(writeProblem),
  }
}

function partSettings(written: unknown): readonly [unknown, readonly string[]] {
  if (!isMembers(written)) return [written, []]
  const entries = Object.entries(written)
  const carried = Object.fromEntries(entries.filter(([name]) => CARRIED.has(name)))
  return [carried, entries.map(([name]) => name).filter((name) => !CARRIED.has(name))]
}

function readOrigin(from: unknown): Foreign | undefined {
  if (from === 'interlingua') return undefined
  const found = FOREIGN.find((foreign) => foreign === from)
  if (found !== undefined) return found
  const issue = `must be one of interlingua, ${FOREIGN.join(', ')}`
  throw new AdminFailure(400, `from in the query ${issue}.`, { field: 'from', issue })
}
