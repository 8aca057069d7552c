/** The ways in which models write tool calls as text; each is taught by, and understood in, one file of that name. */
export const DIALECT_NAMES = [
  'hermes',
  'qwen3-coder',
  'seed-oss',
  'anthropic-xml',
  'minimax',
  'chatspeed',
  'glm',
  'deepseek',
  'deepseek-dsml',
  'kimi',
  'mistral',
  'llama-json',
  'pythonic',
  'json-array',
  'gemma',
  'harmony',
  'fenced-json',
  'cline',
] as const

export type DialectName = (typeof DIALECT_NAMES)[number]
