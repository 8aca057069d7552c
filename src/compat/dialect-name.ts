/** The ways in which models write tool calls as text; each is understood in one file of that name. */
import { TOOL_DIALECTS } from '../../protocols/ir/tool-dialect.ts'

export const DIALECT_NAMES = [
  ...TOOL_DIALECTS,
  // Understood and not taught.
  'deepseek',
  'deepseek-dsml',
  'kimi',
  'mistral',
  'json-array',
  'gemma',
  'harmony',
] as const

export type DialectName = (typeof DIALECT_NAMES)[number]
