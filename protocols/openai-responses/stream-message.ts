/** A message of a streamed answer: one item, in which texts and refusals stand side by side. */
import type { PartDelta } from '../ir/event.ts'
import type { Citation } from '../ir/part.ts'
import type { Kept } from '../ir/rest.ts'
import { encodeCitation } from './citations.ts'
import { type ItemStatus, nameItem, type OutputContext, readLogprobs, writeMessage, writeText } from './output.ts'
import { giveBack } from './rest.ts'
import type { StreamWriter } from './stream-writer.ts'
import type { ContentPart } from './wire.ts'

export interface MessageStream {
  /** Begins the item. */
  open(): string
  startPart(type: 'text' | 'refusal', kept: Kept, path: string): string
  morePart(delta: PartDelta): string
  endPart(): string
  close(status: ItemStatus): string
}

interface OpenPart {
  readonly type: 'text' | 'refusal'
  readonly kept: Kept
  readonly path: string
  /** Pieces; joined once at the end, so that long texts cost linear time. */
  readonly texts: string[]
  readonly citations: Citation[]
  readonly logprobs: unknown[]
  length: number
  annotations: number
}

/** @param first how the back end spelled the first part, which bears what is known of the message. */
export function createMessageStream(first: Kept, writer: StreamWriter, context: OutputContext): MessageStream {
  const { report } = context
  const id = nameItem('msg', writer.nextIndex, context, first)
  const content: ContentPart[] = []
  let index = 0
  let part: OpenPart | undefined

  function about(type: string, members: Readonly<Record<string, unknown>>): string {
    return writer.about(type, index, id, { content_index: content.length, ...members })
  }

  function writePart({ type, kept, path, texts, citations, logprobs }: OpenPart): ContentPart {
    const text = texts.join('')
    const wire: ContentPart =
      type === 'refusal'
        ? { type, refusal: text }
        : // What cannot be told has been reported as it came.
          writeText(text, citations, logprobs, path, () => {})
    giveBack(wire, kept, path, report, { message: {} })
    return wire
  }

  return {
    open() {
      const begun = writer.begin(writeMessage(id, 'in_progress', [], first))
      index = begun.index
      return begun.frames
    },
    startPart(type, kept, path) {
      part = { type, kept, path, texts: [], citations: [], logprobs: [], length: 0, annotations: 0 }
      const empty = type === 'refusal' ? { type, refusal: '' } : writeText('', [], [], path, report)
      return about('response.content_part.added', { part: empty })
    },
    morePart(delta) {
      if (part === undefined) return ''
      const { text = '', citation } = delta
      const logprobs = readLogprobs(delta.logprobs, report)
      if (delta.signature !== undefined) report(`${part.path}.signature`, 'text is not signed here')
      let frames = ''
      if (text !== '' || logprobs.length > 0) {
        part.texts.push(text)
        part.length += text.length
        part.logprobs.push(...logprobs)
        frames =
          part.type === 'refusal'
            ? about('response.refusal.delta', { delta: text })
            : about('response.output_text.delta', { delta: text, logprobs })
      }
      if (citation === undefined) return frames
      const annotation = encodeCitation(citation, part.length, `${part.path}.citations.${part.annotations}`, report)
      if (annotation === undefined) return frames
      part.citations.push(citation)
      const told = about('response.output_text.annotation.added', { annotation_index: part.annotations++, annotation })
      return frames + told
    },
    endPart() {
      if (part === undefined) return ''
      const wire = writePart(part)
      const frames =
        part.type === 'refusal'
          ? about('response.refusal.done', { refusal: wire.refusal })
          : about('response.output_text.done', { text: wire.text, logprobs: wire.logprobs })
      const done = about('response.content_part.done', { part: wire })
      content.push(wire)
      part = undefined
      return frames + done
    },
    close: (status) => writer.end(writeMessage(id, status, content, first), index),
  }
}
