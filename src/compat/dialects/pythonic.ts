/** Expressions of Python: Llama 4 and 3.2, Olmo 3, LFM2, ToolACE, Gemma 3. */
import type { Dialect } from '../dialect.ts'
import { wrapperReader } from '../reading/read-wrapper.ts'
import { readFunctionCalls } from './anthropic-xml.ts'

const readExpressions = wrapperReader({ json: true, python: true })

export const PYTHONIC: Dialect = {
  name: 'pythonic',
  tags: {
    '|python_start|': readExpressions,
    '|tool_call_start|': readExpressions,
    function_calls: readFunctionCalls,
  },
  closings: ['function_calls'],
  tokens: ['|python_end|', '|tool_call_end|', '|python_start|', '|tool_call_start|'],
  fences: { tool_code: { json: false, python: true } },
  unmarked: { json: false, python: true },
}
