/** Another program's configuration, by whose it is. */
import { readDocument } from '../read-document.ts'
import { importClaudeCodeRouter } from './claude-code-router.ts'
import type { Foreign } from './foreign.ts'
import type { Imported } from './imported.ts'
import { importLiteLlm } from './litellm.ts'
import { readMembers } from './read-member.ts'

const READERS: Readonly<Record<Foreign, (name: string, text: string) => Imported>> = {
  ccr: importClaudeCodeRouter,
  litellm: importLiteLlm,
}

/** @throws ConfigFault for text that cannot be read at all. */
export function readForeign(foreign: Foreign, name: string, text: string): Imported {
  return READERS[foreign](name, text)
}

/**
 * @returns whose it is by what stands at its top; nothing: ours.
 * @throws ConfigFault for text that cannot be read at all.
 */
export function recognizeForeign(name: string, text: string): Foreign | undefined {
  const members = readMembers(readDocument(name, text, (part) => part).value)
  if ('model_list' in members) return 'litellm'
  return 'Providers' in members || 'Router' in members ? 'ccr' : undefined
}

/** What a text would be called as a file, by which notation it seems to be in. */
export function guessName(text: string): string {
  return /^\s*(?:(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)\s*)*\{/.test(text) ? 'import.json' : 'import.yaml'
}
