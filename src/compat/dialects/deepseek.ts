/** DeepSeek V3, R1 and V3.1: special tokens around a name and JSON, which V3 puts in a fence. */
import type { Dialect } from '../dialect.ts'
import { readTokenCall, readTokenSection } from '../reading/read-token-call.ts'
import { EVERYDAY_TAGS } from './hermes.ts'

export const DEEPSEEK: Dialect = {
  name: 'deepseek',
  ownTags: EVERYDAY_TAGS,
  tags: {
    '|tool_calls_begin|': readTokenSection,
    '|tool_calls|': readTokenSection,
    '|tool_call_begin|': readTokenCall,
  },
  tokens: ['|tool_calls_end|', '|tool_call_end|', '|tool_sep|', '|end_of_sentence|'],
  results: ['|tool_outputs_begin|', '|tool_output_begin|'],
  unmarked: { json: true, python: false },
}
