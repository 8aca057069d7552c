/** MiniMax M2: the tags of Anthropic in a wrapper of its own; M1 wrote lines of JSON in `<tool_calls>`. */
import type { Dialect, TagReader } from '../dialect.ts'
import { readWrapped, wrapperReader } from '../reading/read-wrapper.ts'
import { readAnyInvoke } from './anthropic-xml.ts'

const readMinimax: TagReader = (desk, tag) => {
  desk.wrapper.isMinimax = true
  return readWrapped(desk, tag, { json: true, python: false })
}

export const MINIMAX: Dialect = {
  name: 'minimax',
  tags: {
    'minimax:tool_call': readMinimax,
    tool_calls: wrapperReader({ json: true, python: false }),
    invoke: readAnyInvoke,
  },
  closings: ['minimax:tool_call', 'tool_calls', 'invoke', 'parameter'],
  tokens: ['e~['],
  results: ['function_results'],
}
