/** Bare JSON: Llama 3, and whatever was told to answer with JSON. */
import type { Dialect, TagReader } from '../dialect.ts'
import { readCallList } from '../reading/read-call-list.ts'
import { EVERYDAY_TAGS } from './hermes.ts'

const readPythonTag: TagReader = (desk) => readCallList(desk, { json: true, python: true })

export const LLAMA_JSON: Dialect = {
  name: 'llama-json',
  tags: { '|python_tag|': readPythonTag },
  ownTags: EVERYDAY_TAGS,
  closings: Object.keys(EVERYDAY_TAGS),
  tokens: ['|eom_id|', '|eot_id|'],
  results: ['|start_header_id|'],
  unmarked: { json: true, python: false },
}
