/** A list of JSON, bare or behind a mark: xLAM, Granite 3 and 20B, Phi-4-mini, Firefunction, Jamba, Hunyuan, InternLM 2. */
import type { Dialect, TagReader } from '../dialect.ts'
import { readCallList } from '../reading/read-call-list.ts'
import { wrapperReader } from '../reading/read-wrapper.ts'
import { EVERYDAY_TAGS } from './hermes.ts'

const JSON_ONLY = { json: true, python: false } as const
const readList: TagReader = (desk) => readCallList(desk, JSON_ONLY)
const readSection = wrapperReader(JSON_ONLY)

export const JSON_ARRAY: Dialect = {
  name: 'json-array',
  tags: {
    '|tool_call|': readList,
    tool_calls: readSection,
    '|action_start|': readSection,
    '|plugin|': readList,
  },
  ownTags: EVERYDAY_TAGS,
  words: [{ word: 'functools', read: (desk) => readCallList(desk, JSON_ONLY) }],
  closings: ['tool_calls', 'tool_call', ...Object.keys(EVERYDAY_TAGS)],
  tokens: ['|/tool_call|', '|action_end|', '|action_start|', '|plugin|'],
  unmarked: JSON_ONLY,
}
