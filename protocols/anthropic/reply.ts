/** Parts of an answer, written as content blocks for a client. */
import { readCallInput } from '../ir/call-input.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Part, ReasoningPart, TextPart } from '../ir/part.ts'
import { sealProof } from '../ir/seal.ts'
import { ownCitations } from './history.ts'
import { giveBack, PROTOCOL } from './keep.ts'
import type { Block } from './wire.ts'

type WritePart<Type extends Part['type']> = (
  part: Extract<Part, { type: Type }>,
  path: string,
  report: ReportLoss,
) => Block | undefined

const WRITERS: { readonly [Type in Part['type']]: WritePart<Type> } = {
  text: writeText,
  image: loseMedia('image'),
  audio: (part, path, report) => {
    if (part.transcript === undefined) return loseMedia('sound')(part, path, report)
    report(path, 'sound is told as its transcript', 'changed')
    return { type: 'text', text: part.transcript }
  },
  file: loseMedia('file'),
  reasoning: writeReasoning,
  'tool-call': (part, path, report) => {
    if (part.signature !== undefined) report(`${path}.signature`, 'tool calls are not signed here')
    if (part.namespace !== undefined) report(`${path}.namespace`, 'tools have no groups here')
    return { type: 'tool_use', id: part.id, name: part.name, input: readCallInput(part, path, report) }
  },
  'tool-result': (_part, path, report) => {
    report(path, 'an answer holds no results of tools')
    return undefined
  },
  refusal: (part) => (part.text === '' ? undefined : { type: 'text', text: part.text }),
  opaque: (part, path, report) => {
    // What this codec made opaque was a block.
    if (part.protocol === PROTOCOL) return part.value as Block
    report(path, `only ${part.protocol} understands this block`)
    return undefined
  },
}

/** @returns nothing for a part that cannot or need not be told. */
export function writeReplyPart(part: Part, path: string, report: ReportLoss): Block | undefined {
  // The row of the table takes just this type of part, which the compiler cannot see through the union.
  const block = WRITERS[part.type](part as never, path, report)
  if (block !== undefined && part.type !== 'opaque') giveBack(block, part, path, report)
  return block
}

/** A client would send an empty text back, and the API refuses it. */
function writeText(part: TextPart, path: string, report: ReportLoss): Block | undefined {
  if (part.signature !== undefined) report(`${path}.signature`, 'text is not signed here')
  const citations = ownCitations(part.citations, path, report)
  if (part.text === '' && citations === undefined) return undefined
  return { type: 'text', text: part.text, ...(citations === undefined ? {} : { citations }) }
}

function writeReasoning(part: ReasoningPart): Block | undefined {
  if (part.issuer === PROTOCOL && part.text === '' && part.signature === undefined && part.encrypted !== undefined) {
    return { type: 'redacted_thinking', data: part.encrypted }
  }
  const signature = proveReasoning(part)
  return part.text === '' && signature === '' && part.signature === undefined
    ? undefined
    : { type: 'thinking', thinking: part.text, signature }
}

/** The signature that a client is to send back; empty for none, as clients demand the member. */
export function proveReasoning(proof: Pick<ReasoningPart, 'signature' | 'encrypted' | 'issuer'>): string {
  const { signature, encrypted, issuer = 'unknown' } = proof
  if (signature !== undefined && signature !== '') {
    return issuer === PROTOCOL ? signature : sealProof('signature', issuer, signature)
  }
  return encrypted === undefined ? '' : sealProof('encrypted', issuer, encrypted)
}

function loseMedia(what: string): (part: Part, path: string, report: ReportLoss) => undefined {
  return (_part, path, report) => {
    report(path, `an answer of the Messages API holds no ${what}`)
    return undefined
  }
}
