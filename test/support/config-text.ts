/** Configurations as texts, for tests of what is read from them. */
import { expect } from 'chai'
import type { Config } from '../../src/config/config.ts'
import { ConfigFault, writeProblem } from '../../src/config/config-fault.ts'
import { parseConfig } from '../../src/config/load-config.ts'

type Variables = Readonly<Record<string, string>>

/** @returns the configuration, and its warnings without the file's name. */
export function readConfig(
  text: string | object,
  environment: Variables = {},
): { readonly config: Config; readonly warnings: readonly string[] } {
  const { config, warnings } = parseConfig('f', typeof text === 'string' ? text : JSON.stringify(text), environment)
  return { config, warnings: warnings.map((warning) => writeProblem(warning).replace('f:', '')) }
}

/** What is wrong with it, without the file's name. */
export function listProblems(text: string | object, environment: Variables = {}): readonly string[] {
  try {
    readConfig(text, environment)
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    for (const problem of error.problems) expect(problem.file).to.equal('f')
    return error.message.split('\n').map((line) => line.replace('f:', ''))
  }
  return expect.fail('expected a ConfigFault')
}
