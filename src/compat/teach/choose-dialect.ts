/** Which dialect a model is taught. */
import type { ToolDialect } from '../../../protocols/ir/tool-dialect.ts'

/**
 * What models were trained on, by their names; the first that fits counts. Families whose own marks are special tokens are
 * not here: their servers take such tokens out of the text, so they are taught like unknown ones.
 */
const FAMILIES: readonly (readonly [pattern: RegExp, dialect: ToolDialect])[] = [
  [/qwen-?3[._-]?coder|qwen-?3\.[5-9]|nemotron-?3|step-?3\.5|\bmimo/, 'qwen3-coder'],
  [/hermes|qwen|qwq|granite-?4|ernie/, 'hermes'],
  [/seed-?oss/, 'seed-oss'],
  [/claude/, 'anthropic-xml'],
  [/minimax/, 'minimax'],
  [/glm-?(?:4\.[5-9]|5)|laguna/, 'glm'],
  [/llama-?4|toolace|olmo-?3/, 'pythonic'],
  [/llama-?3/, 'llama-json'],
  [/gemma/, 'fenced-json'],
  // Small models do best with one JSON object between two tags.
  [/(?:^|[^\d.])[0-4](?:\.\d+)?b\b/, 'hermes'],
]

/** Raw text in parameters costs no model its care for quotes and line breaks. */
const DEFAULT: ToolDialect = 'qwen3-coder'

/** @param model its name at the back end, in any form: `hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q4_K_M`. */
export function chooseDialect(model: string): ToolDialect {
  const name = model.toLowerCase().replaceAll('_', '-')
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? DEFAULT
}
