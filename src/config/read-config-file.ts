import { readFileSync } from 'node:fs'
import { ConfigFault } from './config-fault.ts'

/** The text of a configuration file. @throws ConfigFault when it cannot be read. */
export function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${String(code ?? error)})`
    throw new ConfigFault([{ file, path: '', problem }], { cause: error })
  }
}
