/** Runs the official conformance suite against one URL and counts what it requires. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SUITE = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
)

export interface SuiteResult {
  readonly passed: readonly string[]
  /** With what went wrong in it. */
  readonly failed: readonly string[]
}

/** @param revision whose requirements are meant, as `2025-11-25`. */
export async function runSuite(url: string, revision: string): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'interlingua-suite-'))
  try {
    const output = await new Promise<string>((resolve) => {
      const args = [SUITE, 'server', '--url', url, '--requirements', revision, '-o', folder]
      execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    return readSummary(output)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The summary lists all scenarios; those that are not scored are listed again, indented. */
function readSummary(output: string): SuiteResult {
  const summary = output.slice(output.indexOf('=== SUMMARY ==='))
  const unscored = new Set([...summary.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map((match) => match[1]))
  const lines = [...summary.matchAll(/^([✓✗]) ([^:\s]+):(.*)$/gm)].filter((match) => !unscored.has(match[2]))
  if (lines.length === 0) throw new Error(`the suite told nothing:\n${output.slice(-2000)}`)
  return {
    passed: lines.filter((match) => match[1] === '✓').map((match) => match[2] ?? ''),
    failed: lines.filter((match) => match[1] === '✗').map((match) => `${match[2]}:${match[3]}`),
  }
}
