/** Reads a configuration file in the notation that its name tells. */
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { ConfigDocument } from './config-document.ts'
import { ConfigFault } from './config-fault.ts'
import { readJsonc } from './jsonc-document.ts'
import { readYaml } from './yaml-document.ts'

/** Whether a file of this name is read as YAML; any other is JSON with comments. */
export function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase())
}

/**
 * @param expand turns each string into what it stands for; what it throws becomes a problem at the string's place.
 * @throws ConfigFault when it cannot be read, or is not what its name says.
 */
export function readDocument(file: string, expand: (text: string) => string): ConfigDocument {
  const text = readText(file)
  return isYaml(file) ? readYaml(file, text, expand) : readJsonc(file, text, expand)
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
