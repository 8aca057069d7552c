/** A tag per parameter: Qwen3-Coder, Qwen 3.5, Nemotron 3, Step 3.5, MiMo. */
import type { Dialect } from '../dialect.ts'
import { readInvoke } from '../reading/read-invoke.ts'
import { readToolCallTag } from '../reading/read-tool-call-tag.ts'
import { OWN_LINES } from '../reading/shapes.ts'

export const QWEN3_CODER: Dialect = {
  name: 'qwen3-coder',
  tags: {
    tool_call: readToolCallTag,
    // The outer tag is often missing.
    function: (desk, tag) => readInvoke(desk, tag, OWN_LINES),
  },
  closings: ['function', 'parameter', 'tool_call'],
  results: ['tool_response'],
}
