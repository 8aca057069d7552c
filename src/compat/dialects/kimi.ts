/** Kimi K2: special tokens around a numbered name and JSON. */
import type { Dialect } from '../dialect.ts'
import { readTokenCall, readTokenSection } from '../reading/read-token-call.ts'
import { EVERYDAY_TAGS } from './hermes.ts'

export const KIMI: Dialect = {
  name: 'kimi',
  ownTags: EVERYDAY_TAGS,
  tags: {
    '|tool_calls_section_begin|': readTokenSection,
    '|tool_call_section_begin|': readTokenSection,
    '|tool_call_begin|': readTokenCall,
  },
  tokens: [
    '|tool_calls_section_end|',
    '|tool_call_section_end|',
    '|tool_call_end|',
    '|tool_call_argument_begin|',
    '|im_end|',
  ],
  results: ['|im_start|'],
  unmarked: { json: true, python: false },
}
