/** Parts of a conversation, written as content blocks for a back end. */
import { readCallInput } from '../ir/call-input.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Citation, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../ir/part.ts'
import { writeCache } from './cache.ts'
import { giveBack, isSpelled, PROTOCOL } from './keep.ts'
import { type WrittenMedia, writeDocument, writeImage } from './media.ts'
import type { Block } from './wire.ts'

export interface HistoryContext {
  /** A client of this protocol wrote the message: it goes as it came, also where the API will refuse it. */
  readonly own: boolean
  /** Whose signatures the model can verify. */
  readonly issuer: string
  /** The model wants its thoughts back, signed or not: a copy of the API with other rules. */
  readonly replaysReasoning: boolean
  readonly report: ReportLoss
}

type WritePart<Type extends Part['type']> = (
  part: Extract<Part, { type: Type }>,
  path: string,
  context: HistoryContext,
) => Block | undefined

const WRITERS: { readonly [Type in Part['type']]: WritePart<Type> } = {
  text: writeText,
  image: (part, path, { report }) => {
    if (part.detail !== undefined && part.detail !== 'auto') {
      report(`${path}.detail`, 'the Messages API looks at every image in one way', 'changed')
    }
    return takeMedia(writeImage(part), path, report)
  },
  audio: (part, path, { report }) => {
    if (part.transcript === undefined) {
      report(path, 'the Messages API takes no sound')
      return undefined
    }
    report(path, 'sound is sent as its transcript', 'changed')
    return { type: 'text', text: part.transcript }
  },
  file: (part, path, { report }) => takeMedia(writeDocument(part), path, report),
  reasoning: writeReasoning,
  'tool-call': writeToolCall,
  'tool-result': writeToolResult,
  refusal: (part, path, { report }) => {
    if (part.text.trim() === '') return undefined
    report(path, 'a refusal is sent as text', 'changed')
    return { type: 'text', text: part.text }
  },
  opaque: (part, path, { report }) => {
    // What this codec made opaque was a block.
    if (part.protocol === PROTOCOL) return { ...(part.value as Block) }
    report(path, `only ${part.protocol} understands this block`)
    return undefined
  },
}

/** @returns nothing for a part that cannot or need not be told. */
export function writeHistoryPart(part: Part, path: string, context: HistoryContext): Block | undefined {
  // The row of the table takes just this type of part, which the compiler cannot see through the union.
  const block = WRITERS[part.type](part as never, path, context)
  if (block === undefined || part.type === 'opaque') return block
  if (part.cache !== undefined) {
    if (part.type === 'reasoning') context.report(`${path}.cache`, 'thinking takes no cache mark')
    else block.cache_control = writeCache(part.cache)
  }
  giveBack(block, part, path, context.report)
  return block
}

/** Empty text is refused by the API, so that it has no block and no cache mark either (trap 73). */
function writeText(part: TextPart, path: string, { own, report }: HistoryContext): Block | undefined {
  if (part.signature !== undefined) report(`${path}.signature`, 'text is not signed here')
  if (part.text.trim() === '' && !own) {
    if (part.cache !== undefined) report(`${path}.cache`, 'an empty text takes no cache mark')
    return undefined
  }
  const citations = ownCitations(part.citations, path, report)
  return { type: 'text', text: part.text, ...(citations === undefined ? {} : { citations }) }
}

/** Citations as the API wrote them; those of others have no place in it. */
export function ownCitations(
  citations: readonly Citation[] | undefined,
  path: string,
  report: ReportLoss,
): unknown[] | undefined {
  if (citations === undefined) return undefined
  const own = citations.filter((citation) => citation.original.protocol === PROTOCOL)
  if (own.length < citations.length) report(`${path}.citations`, 'the Messages API cites in a way of its own')
  return own.length === 0 && citations.length > 0 ? undefined : own.map((citation) => citation.original.value)
}

function takeMedia(written: WrittenMedia, path: string, report: ReportLoss): Block | undefined {
  if ('lost' in written) {
    report(path, written.lost)
    return undefined
  }
  if (written.change !== undefined) report(path, written.change, 'changed')
  return written.block
}

/** Only what its own issuer signed goes back (traps 87, 88, 99); the rest is refused by the API, though not by all its copies. */
function writeReasoning(part: ReasoningPart, path: string, context: HistoryContext): Block | undefined {
  const { issuer, replaysReasoning, report } = context
  const isForeign = part.issuer !== issuer && (part.signature !== undefined || part.encrypted !== undefined)
  if (!isForeign && part.signature !== undefined && part.signature !== '') {
    return { type: 'thinking', thinking: part.text, signature: part.signature }
  }
  if (!isForeign && part.encrypted !== undefined) return { type: 'redacted_thinking', data: part.encrypted }
  if (replaysReasoning && part.text !== '') {
    if (isForeign) report(path, `the proof of ${part.issuer ?? 'another issuer'} is left out`, 'changed')
    return { type: 'thinking', thinking: part.text, signature: '' }
  }
  report(
    path,
    isForeign
      ? `only ${part.issuer ?? 'its issuer'} can read this reasoning`
      : 'the Messages API takes no unsigned reasoning',
  )
  return undefined
}

function writeToolCall(part: ToolCallPart, path: string, { report }: HistoryContext): Block {
  if (part.signature !== undefined) report(`${path}.signature`, 'tool calls are not signed here')
  return { type: 'tool_use', id: part.id, name: part.name, input: readCallInput(part, path, report) }
}

function writeToolResult(part: ToolResultPart, path: string, context: HistoryContext): Block {
  const content = writeResultContent(part, path, context)
  return {
    type: 'tool_result',
    tool_use_id: part.callId,
    ...(content === undefined ? {} : { content }),
    ...(part.isError === undefined ? {} : { is_error: part.isError }),
  }
}

const SILENT_FAILURE = 'The tool failed and said nothing.'

function writeResultContent(part: ToolResultPart, path: string, context: HistoryContext): string | Block[] | undefined {
  const only = part.content.length === 1 ? part.content[0] : undefined
  if (only?.type === 'text' && (isSpelled(part, 'string') || (!isSpelled(part, 'list') && isPlain(only))))
    return only.text
  const blocks = part.content
    .map((item, index) => writeHistoryPart(item, `${path}.content.${index}`, context))
    .filter((block) => block !== undefined)
  if (blocks.length > 0 || isSpelled(part, 'list')) return blocks
  if (part.isError !== true || context.own) return undefined
  context.report(`${path}.content`, 'the API wants to hear why a tool failed', 'changed')
  return SILENT_FAILURE
}

function isPlain(part: TextPart): boolean {
  return part.text.trim() !== '' && part.cache === undefined && part.extra === undefined && part.citations === undefined
}
