/** The file of variables that a server is given beside its `env` (M89). */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'

/**
 * Read at each start, so that what is changed in it counts from the next one on.
 *
 * @param file relative to the working folder of the server.
 * @throws Error in the words of a sentence that begins with the server; never with what stands in the file.
 */
export function readEnvFile(file: string, cwd = '.'): Record<string, string> {
  let text: string
  try {
    text = readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException // what node:fs throws
    throw new Error(`has the envFile ${file}, which cannot be read (${code})`)
  }
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) variables[name] = value
  return variables
}
