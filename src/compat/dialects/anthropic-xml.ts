/** The prompt format of Claude 2 and what was tuned on it. Its tags may have a namespace. */
import type { Dialect, TagReader } from '../dialect.ts'
import { readInvoke } from '../reading/read-invoke.ts'
import { readWrapped } from '../reading/read-wrapper.ts'
import type { ValueShape } from '../reading/value-text.ts'

const SHAPE: ValueShape = { trimsNewlines: false, entities: 'guess' }

/** MiniMax writes the same tags in a wrapper of its own. */
export const readAnyInvoke: TagReader = (desk, tag) =>
  readInvoke(desk, tag, desk.wrapper.isMinimax ? { ...SHAPE, entities: 'verbatim' } : SHAPE)

/** Olmo 3 writes expressions of Python in the same wrapper. */
export const readFunctionCalls: TagReader = (desk, tag) => {
  desk.wrapper.isMinimax = false
  return readWrapped(desk, tag, { json: true, python: true })
}

export const ANTHROPIC_XML: Dialect = {
  name: 'anthropic-xml',
  tags: {
    function_calls: readFunctionCalls,
    invoke: readAnyInvoke,
  },
  closings: ['function_calls', 'invoke', 'parameter'],
  results: ['function_results', 'tool_result'],
}
