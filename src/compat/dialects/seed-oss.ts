/** Seed-OSS of ByteDance: the form of Qwen3-Coder in tags of its own. */
import type { Dialect } from '../dialect.ts'
import { readInvoke } from '../reading/read-invoke.ts'
import { wrapperReader } from '../reading/read-wrapper.ts'
import { OWN_LINES } from '../reading/shapes.ts'

export const SEED_OSS: Dialect = {
  name: 'seed-oss',
  tags: {
    'seed:tool_call': wrapperReader({ json: true, python: false }),
    function: (desk, tag) => readInvoke(desk, tag, OWN_LINES),
  },
  closings: ['seed:tool_call', 'function', 'parameter'],
  tokens: ['seed:eos'],
  results: ['tool_response'],
}
