/** Runs the official conformance suite against one URL and counts what it requires. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SUITE = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
)

/** Names of scenarios. */
interface Scenarios {
  readonly passed: readonly string[]
  /** With what went wrong in it. */
  readonly failed: readonly string[]
}

export interface SuiteResult extends Scenarios {
  /** Those that are run and do not count. */
  readonly unscored: Scenarios
  /** Whether every message in it was what the schema of the revision has; scenarios that look at no message are in neither. */
  readonly schema: Scenarios
  readonly exitCode: number
}

/** @param revision whose requirements are meant, as `2025-11-25`. */
export async function runSuite(url: string, revision: string): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'interlingua-suite-'))
  try {
    const [exitCode, output] = await new Promise<[number, string]>((resolve) => {
      const args = [SUITE, 'server', '--url', url, '--requirements', revision, '-o', folder]
      const child = execFile(
        process.execPath,
        args,
        { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
        (_error, stdout, stderr) => resolve([child.exitCode ?? 1, stdout + stderr]),
      )
    })
    return { ...readSummary(output), schema: await readSchemaChecks(folder), exitCode }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The summary lists all scenarios; those that are not scored are listed again, indented. */
function readSummary(output: string): Scenarios & { readonly unscored: Scenarios } {
  const summary = output.slice(output.indexOf('=== SUMMARY ==='))
  const unscored = new Set([...summary.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map((match) => match[1]))
  const lines = [...summary.matchAll(/^([✓✗]) ([^:\s]+):(.*)$/gm)]
  if (lines.length === 0) throw new Error(`the suite told nothing:\n${output.slice(-2000)}`)
  const select = (isScored: boolean): Scenarios => {
    const own = lines.filter((match) => unscored.has(match[2]) !== isScored)
    return {
      passed: own.filter((match) => match[1] === '✓').map((match) => match[2] ?? ''),
      failed: own.filter((match) => match[1] === '✗').map((match) => `${match[2]}:${match[3]}`),
    }
  }
  return { ...select(true), unscored: select(false) }
}

/** Each scenario leaves a folder, named after it and the time, with all that it has checked. */
async function readSchemaChecks(folder: string): Promise<Scenarios> {
  const schema = { passed: [] as string[], failed: [] as string[] }
  for (const name of await readdir(folder)) {
    const checks: { id: string; status: string }[] = JSON.parse(
      await readFile(join(folder, name, 'checks.json'), 'utf8'),
    )
    const scenario = /^server-(.*?)-\d{4}-\d\d-\d\dT/.exec(name)?.[1] ?? name
    for (const { id, status } of checks) {
      if (id === 'wire-schema-valid') schema[status === 'SUCCESS' ? 'passed' : 'failed'].push(scenario)
    }
  }
  return schema
}
