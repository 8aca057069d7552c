/** DeepSeek V3.2 and V4: the tags of Anthropic with a prefix, and the type of each value. */
import type { Dialect } from '../dialect.ts'
import { readInvoke } from '../reading/read-invoke.ts'
import { wrapperReader } from '../reading/read-wrapper.ts'
import { VERBATIM } from '../reading/shapes.ts'

const readSection = wrapperReader({ json: true, python: false })

export const DEEPSEEK_DSML: Dialect = {
  name: 'deepseek-dsml',
  tags: {
    '|dsml|function_calls': readSection,
    '|dsml|tool_calls': readSection,
    '|dsml|invoke': (desk, tag) => readInvoke(desk, tag, VERBATIM),
  },
  closings: ['|dsml|function_calls', '|dsml|tool_calls', '|dsml|invoke', '|dsml|parameter'],
  tokens: ['|end_of_sentence|'],
  results: ['function_results', '|dsml|function_results'],
}
