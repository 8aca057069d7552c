/** JSON in tags: Hermes, Qwen 2.5 and 3, Granite 4 and many that were tuned on their answers. */
import type { Dialect, TagReader } from '../dialect.ts'
import { readCallList } from '../reading/read-call-list.ts'
import { readInnerFence } from '../reading/read-inner-fence.ts'
import { readToolCallTag } from '../reading/read-tool-call-tag.ts'
import { skipSpace } from '../reading/skip-space.ts'

/** Tags of everyday words count only around an object that names an offered tool. */
const readEverydayTag: TagReader = function* (desk) {
  yield* skipSpace(desk.source)
  const offered = { ...desk, offeredOnly: true }
  return yield* readInnerFence(desk, () => readCallList(offered, { json: true, python: false }))
}

/** What models that were taught JSON write instead of the tag. */
export const EVERYDAY_TAGS: Readonly<Record<string, TagReader>> = {
  tools: readEverydayTag,
  tool: readEverydayTag,
  function_call: readEverydayTag,
  json: readEverydayTag,
  xml: readEverydayTag,
  response: readEverydayTag,
}

export const HERMES: Dialect = {
  name: 'hermes',
  tags: { tool_call: readToolCallTag },
  ownTags: EVERYDAY_TAGS,
  closings: ['tool_call', 'tool_calls', ...Object.keys(EVERYDAY_TAGS)],
  results: ['tool_response', 'tool_result', '|im_start|'],
  unmarked: { json: true, python: false },
}
