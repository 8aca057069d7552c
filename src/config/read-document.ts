/** Reads a configuration file in the notation that its name tells. */
import { extname } from 'node:path'
import type { ConfigDocument, JsonPath } from './config-document.ts'
import { readJsonc } from './jsonc-document.ts'
import { readYaml } from './yaml-document.ts'

/** Whether a file of this name is read as YAML; any other is JSON with comments. */
function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase())
}

/**
 * @param file its name tells the notation; the text is not read from it.
 * @param expand turns each string into what it stands for; what it throws becomes a problem at the string's place.
 * @throws ConfigFault when it is not what its name says.
 */
export function readDocument(
  file: string,
  text: string,
  expand: (text: string, path: JsonPath) => string,
): ConfigDocument {
  return isYaml(file) ? readYaml(file, text, expand) : readJsonc(file, text, expand)
}
