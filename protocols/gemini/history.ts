/** Parts of a conversation, written for a back end. */
import { readCallInput } from '../ir/call-input.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../ir/part.ts'
import { giveBack, isSpelled, PROTOCOL } from './keep.ts'
import { type MediaPart, writeMedia } from './media.ts'
import { writeResult } from './tool-result.ts'
import type { WirePart } from './wire.ts'

export interface HistoryContext {
  /** A client of this protocol wrote the conversation: it goes as it came, also where the API will refuse it. */
  readonly own: boolean
  /** Whose signatures the model can verify. */
  readonly issuer: string
  /** The model takes pictures inside of results; for the others they stand behind them. */
  readonly mediaInResults: boolean
  /** The name of the function that was called, by the id of the call. */
  readonly nameOf: (callId: string) => string | undefined
  readonly report: ReportLoss
}

/** A bare text stands for a part where a client wrote it so. */
export type WrittenPart = WirePart | string

type WritePart<Type extends Part['type']> = (
  part: Extract<Part, { type: Type }>,
  path: string,
  context: HistoryContext,
) => readonly WrittenPart[]

const WRITERS: { readonly [Type in Part['type']]: WritePart<Type> } = {
  text: writeText,
  image(part, path, context) {
    if (part.detail !== undefined && part.detail !== 'auto')
      context.report(`${path}.detail`, 'the model looks at every image in one way', 'changed')
    return writeMediaPart(part, path, context)
  },
  audio: writeMediaPart,
  file(part, path, context) {
    if (part.filename !== undefined) context.report(`${path}.filename`, 'files have no names here')
    return writeMediaPart(part, path, context)
  },
  reasoning: writeReasoning,
  'tool-call': writeToolCall,
  'tool-result': writeToolResult,
  refusal(part, path, { report }) {
    if (part.text.trim() === '') return []
    report(path, 'a refusal is sent as text', 'changed')
    return [{ text: part.text }]
  },
  opaque(part, path, { report }) {
    // What this codec made opaque was a part.
    if (part.protocol === PROTOCOL) return [{ ...(part.value as WirePart) }]
    report(path, `only ${part.protocol} understands this block`)
    return []
  },
}

/** @returns nothing for a part that cannot or need not be told; more than one for a result with pictures. */
export function writeHistoryPart(part: Part, path: string, context: HistoryContext): readonly WrittenPart[] {
  if (part.cache !== undefined) context.report(`${path}.cache`, 'the API caches by itself')
  // The row of the table takes just this type of part, which the compiler cannot see through the union.
  const written = WRITERS[part.type](part as never, path, context)
  const [first] = written
  if (typeof first === 'object' && part.type !== 'opaque') giveBack(first, part, path, context.report)
  return written
}

/** The proof goes back to its issuer only (trap 87); an empty one says nothing (trap 88). */
export function writeProof(
  part: Pick<TextPart, 'signature' | 'issuer'>,
  path: string,
  { own, issuer, report }: Pick<HistoryContext, 'own' | 'issuer' | 'report'>,
): { thoughtSignature?: string } {
  const { signature } = part
  if (signature === undefined || (signature === '' && !own)) return {}
  if (part.issuer === issuer) return { thoughtSignature: signature }
  report(`${path}.signature`, `only ${part.issuer ?? 'its issuer'} can verify this signature`)
  return {}
}

/** An empty text says nothing, but its signature does (Q66, trap 92). */
function writeText(part: TextPart, path: string, context: HistoryContext): readonly WrittenPart[] {
  if (isSpelled(part, 'bare')) return [part.text]
  const proof = writeProof(part, path, context)
  if (part.citations?.some(({ original }) => original.protocol !== PROTOCOL) === true)
    context.report(`${path}.citations`, 'a text of the history bears no citations')
  if (part.text.trim() === '' && !context.own && proof.thoughtSignature === undefined) return []
  return [isSpelled(part, 'no-text') ? proof : { text: part.text, ...proof }]
}

function writeMediaPart(part: MediaPart, path: string, { report }: HistoryContext): readonly WrittenPart[] {
  const written = writeMedia(part, isSpelled(part, 'no-type'))
  if ('part' in written) return [written.part]
  report(path, written.lost)
  return []
}

/** A thought without `text` ends in an error of the server (trap 92). */
function writeReasoning(part: ReasoningPart, path: string, context: HistoryContext): readonly WrittenPart[] {
  if (part.encrypted !== undefined && part.text === '') {
    context.report(path, `only ${part.issuer ?? 'its issuer'} can read this reasoning`)
    return []
  }
  if (part.encrypted !== undefined)
    context.report(`${path}.encrypted`, `only ${part.issuer ?? 'its issuer'} can read it`)
  const proof = writeProof(part, path, context)
  if (part.text === '' && !context.own && proof.thoughtSignature === undefined) return []
  return [{ text: part.text, thought: true, ...proof }]
}

function writeToolCall(part: ToolCallPart, path: string, context: HistoryContext): readonly WrittenPart[] {
  const args = readCallInput(part, path, context.report)
  const isBare = isSpelled(part, 'no-args') && Object.keys(args).length === 0
  const functionCall = {
    ...(isSpelled(part, 'no-id') ? {} : { id: part.id }),
    name: part.name,
    ...(isBare ? {} : { args }),
  }
  return [{ functionCall, ...writeProof(part, path, context) }]
}

/** The API refuses a result without a name (trap 83). */
const UNKNOWN_FUNCTION = 'unknown_function'

function writeToolResult(part: ToolResultPart, path: string, context: HistoryContext): readonly WrittenPart[] {
  const { response, media } = writeResult(part, path, context.report)
  const isInside = context.own || context.mediaInResults
  const hasParts = isInside && (media.length > 0 || isSpelled(part, 'parts'))
  const functionResponse = {
    ...(isSpelled(part, 'no-id') ? {} : { id: part.callId }),
    ...(isSpelled(part, 'no-name') ? {} : { name: nameResult(part, context) }),
    ...(response === undefined ? {} : { response }),
    ...(hasParts ? { parts: media } : {}),
  }
  const siblings = isInside ? [] : media
  return [{ functionResponse }, ...siblings]
}

function nameResult(part: ToolResultPart, context: HistoryContext): string {
  const empty = part.extra?.protocol === PROTOCOL ? part.extra.fields['functionResponse.name'] : undefined
  if (typeof empty === 'string' && context.own) return empty
  return part.name ?? context.nameOf(part.callId) ?? UNKNOWN_FUNCTION
}
