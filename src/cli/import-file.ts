import { readFileSync } from 'node:fs'
import type { Foreign } from '../config/import/foreign.ts'
import { guessName, readForeign, recognizeForeign } from '../config/import/read-foreign.ts'
import { readConfigFile } from '../config/read-config-file.ts'

/**
 * Prints what a file of another program says as a file of ours, and on standard error what is left out.
 *
 * @throws Error in a line for people.
 */
export function importFile(file: string, from: Foreign | undefined): void {
  const text = file === '-' ? readFileSync(0, 'utf8') : readConfigFile(file)
  const name = file === '-' ? guessName(text) : file
  const foreign = from ?? recognizeForeign(name, text)
  if (foreign === undefined)
    throw new Error(`${file} is of no program that is known here: say whose it is with --from.`)
  const { written, left } = readForeign(foreign, name, text)
  process.stdout.write(`${JSON.stringify(written, null, 2)}\n`)
  for (const { path, reason } of left) process.stderr.write(`left out: ${path} ${reason}\n`)
}
