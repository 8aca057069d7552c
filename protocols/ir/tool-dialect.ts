/** The ways of writing tool calls as text that a model can be taught, by their names. */
export const TOOL_DIALECTS = [
  'hermes',
  'qwen3-coder',
  'seed-oss',
  'anthropic-xml',
  'minimax',
  'chatspeed',
  'glm',
  'llama-json',
  'pythonic',
  'fenced-json',
  'cline',
] as const

export type ToolDialect = (typeof TOOL_DIALECTS)[number]
