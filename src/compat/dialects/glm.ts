/** GLM 4.5 and later: names and values in tags of their own. */
import type { Dialect } from '../dialect.ts'
import { readToolCallTag } from '../reading/read-tool-call-tag.ts'

export const GLM: Dialect = {
  name: 'glm',
  tags: { tool_call: readToolCallTag },
  closings: ['tool_call', 'arg_value', 'arg_key'],
  tokens: ['|user|', '|assistant|'],
  // A turn of the user behind a call is one that the model invented.
  results: ['|observation|', '|user|', 'tool_response'],
}
