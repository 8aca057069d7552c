import type { Part } from './part.ts'
import { createThinkTagSplitter } from './think-tag.ts'

/** A text that begins with a think tag is a thought and a text; every other part is itself. */
export function splitThoughts(part: Part): Part[] {
  if (part.type !== 'text' || !part.text.startsWith('<think>')) return [part]
  const thoughts: string[] = []
  const texts: string[] = []
  const splitter = createThinkTagSplitter(({ type, text }) => (type === 'text' ? texts : thoughts).push(text))
  splitter.push(part.text)
  splitter.end()
  return [
    ...(thoughts.length === 0 ? [] : [{ type: 'reasoning', text: thoughts.join('') } as const]),
    ...(texts.length === 0 && part.citations === undefined ? [] : [{ ...part, text: texts.join('') }]),
  ]
}
