/** Reads what stands behind a wrapper of calls, such as `<tool_calls>`. */
import type { TagReader } from '../dialect.ts'
import type { Desk, Outcome } from './desk.ts'
import { finished } from './finished.ts'
import { peekTag } from './peek-tag.ts'
import { type CallForms, readCallList } from './read-call-list.ts'
import { readInnerFence } from './read-inner-fence.ts'
import { skipSpace, tokenAt } from './skip-space.ts'
import type { Reading } from './source.ts'
import type { Tag } from './tag.ts'

/** @param forms calls without tags that may stand in it. */
export function wrapperReader(forms: CallForms): TagReader {
  return (desk, tag) => readWrapped(desk, tag, forms)
}

export function readWrapped(desk: Desk, wrapper: Tag, forms: CallForms): Reading<Outcome> {
  if (wrapper.selfClosing) return finished('none')
  const first = tokenAt(desk.source)
  return first === '{' || first === '[' ? readCallList(desk, forms) : readAnyInside(desk, wrapper, forms)
}

function* readAnyInside(desk: Desk, wrapper: Tag, forms: CallForms): Reading<Outcome> {
  const { source } = desk
  yield* skipSpace(source)
  const first = source.text.charAt(source.at)
  if (first === '`') return yield* readInnerFence(desk, () => readCallList(desk, forms))
  if (first !== '<') return yield* readCallList(desk, forms)
  const tag = yield* peekTag(source)
  if (tag === undefined) return 'none'
  if (!tag.closing) return 'opening'
  if (tag.name !== wrapper.name) return 'none'
  source.skip(tag.length)
  return 'empty'
}
