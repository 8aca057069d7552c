/** The dialects that are taught, and how each is written. */
import type { ToolDialect } from '../../../../protocols/ir/tool-dialect.ts'
import type { Writer } from '../writer.ts'
import { argPairs } from './arg-pairs.ts'
import { bareJson } from './bare-json.ts'
import { csToolUse } from './cs-tool-use.ts'
import { fenced } from './fenced.ts'
import { invoke } from './invoke.ts'
import { pythonList } from './python-list.ts'
import { tagJson } from './tag-json.ts'
import { tagParameters } from './tag-parameters.ts'
import { toolTags } from './tool-tags.ts'

/** The dialects whose marks a model can write as plain text; special tokens of the others are cut out by servers. */
export const WRITERS = {
  hermes: tagJson,
  'qwen3-coder': tagParameters('tool_call'),
  'seed-oss': tagParameters('seed:tool_call'),
  'anthropic-xml': invoke('function_calls', true),
  minimax: invoke('minimax:tool_call', false),
  chatspeed: csToolUse,
  glm: argPairs,
  'llama-json': bareJson,
  pythonic: pythonList,
  'fenced-json': fenced,
  cline: toolTags,
} as const satisfies Record<ToolDialect, Writer>
