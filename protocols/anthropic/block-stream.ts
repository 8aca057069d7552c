/** One content block of a back end's stream, from its start to its stop, told as events of one part. */
import type { PartDelta, PartHead, StreamEvent } from '../ir/event.ts'
import { expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { OpaquePart } from '../ir/part.ts'
import { unsealProof } from '../ir/seal.ts'
import { PROTOCOL } from './keep.ts'
import { type BlockReader, decodeBlock, decodeCitation } from './parts.ts'

export interface BlockStream {
  start(): void
  delta(delta: JsonObject): void
  end(): void
  /** The stream is over. @returns what was lost of a block that never stopped. */
  abandon(): string | undefined
}

/** @throws ApiFailure `bad-request` where a member is missing or of a wrong type. */
export function createBlockStream(
  block: JsonObject,
  part: number,
  reader: BlockReader,
  emit: (event: StreamEvent) => void,
): BlockStream {
  const place = { part, choice: 0 }
  const tell = (delta: PartDelta) => emit({ type: 'part-delta', ...place, delta })
  const head = readHead(block, reader)
  if (head === undefined) return gatherBlock(block, (whole) => emit({ type: 'part-start', ...place, head: whole }))

  let sawArguments = false
  let ended = false
  const end = () => {
    if (ended) return
    ended = true
    // A call made by code has its whole input at the start (Q58).
    if (head.type === 'tool-call' && !sawArguments && isFilled(block.input))
      tell({ arguments: JSON.stringify(block.input) })
    emit({ type: 'part-end', ...place })
  }

  const readers: ReadonlyMap<unknown, (delta: JsonObject) => void> = new Map<unknown, (delta: JsonObject) => void>([
    ['text_delta', ({ text }) => tellText(text, 'delta.text')],
    ['thinking_delta', ({ thinking }) => tellText(thinking, 'delta.thinking')],
    ['signature_delta', ({ signature }) => tellSignature(expectString(signature, 'delta.signature'))],
    ['citations_delta', ({ citation }) => tell({ citation: decodeCitation(citation, 'delta.citation') })],
    [
      'input_json_delta',
      ({ partial_json: piece }) => {
        const text = expectString(piece, 'delta.partial_json')
        // The first piece is empty, and for a call without arguments the only one (Q57, trap 37).
        if (text === '') return
        sawArguments = true
        tell({ arguments: text })
      },
    ],
  ])

  function tellText(value: unknown, path: string): void {
    const text = expectString(value, path)
    if (text !== '') tell({ text })
  }

  function tellSignature(signature: string): void {
    if (signature !== '') tell(unsealProof(signature) ?? { signature, issuer: reader.issuer })
  }

  return {
    start() {
      emit({ type: 'part-start', ...place, head })
      if (head.type === 'text') {
        tellText(block.text, 'content_block.text')
        const citations = Array.isArray(block.citations) ? block.citations : []
        for (const citation of citations) tell({ citation: decodeCitation(citation, 'content_block.citations') })
      }
      if (head.type === 'reasoning' && head.encrypted === undefined) {
        tellText(block.thinking, 'content_block.thinking')
        tellSignature(optional(block.signature, 'content_block.signature', expectString) ?? '')
      }
    },
    delta(delta) {
      const read = readers.get(delta.type)
      if (read === undefined) refuse('delta.type', `${JSON.stringify(delta.type)} is unknown`)
      else read(delta)
    },
    end,
    abandon: () => undefined,
  }
}

/** Nothing for a kind of block that is carried verbatim. */
function readHead(block: JsonObject, reader: BlockReader): PartHead | undefined {
  switch (block.type) {
    case 'text':
      return { type: 'text' }
    case 'thinking':
      return { type: 'reasoning', issuer: reader.issuer }
    case 'redacted_thinking': {
      const encrypted = expectString(block.data, 'content_block.data')
      return { type: 'reasoning', issuer: reader.issuer, encrypted }
    }
    case 'tool_use': {
      const call = decodeBlock({ ...block, input: {} }, 'content_block', reader)
      if (call.type !== 'tool-call') return undefined
      const { id, name, extra } = call
      return { type: 'tool-call', id, name, ...(extra === undefined ? {} : { extra }) }
    }
    default:
      return undefined
  }
}

function isFilled(input: unknown): boolean {
  return typeof input === 'object' && input !== null && Object.keys(input).length > 0
}

/** Puts together a block that is carried verbatim; most come whole at their start (Q58). */
function gatherBlock(start: JsonObject, emit: (head: { type: 'whole'; part: OpaquePart }) => void): BlockStream {
  const block: Record<string, unknown> = { ...start }
  let input = ''
  let ended = false
  return {
    start() {},
    delta({ type, ...members }) {
      if (type === 'input_json_delta') input += optional(members.partial_json, 'delta.partial_json', expectString) ?? ''
      else if (type === 'citations_delta') block.citations = [...asList(block.citations), members.citation]
      else for (const [name, value] of Object.entries(members)) block[name] = joinMember(block[name], value)
    },
    end() {
      if (ended) return
      ended = true
      if (input !== '') block.input = JSON.parse(input)
      emit({ type: 'whole', part: { type: 'opaque', protocol: PROTOCOL, value: block } })
    },
    abandon: () => (ended ? undefined : `a block ${JSON.stringify(start.type)} that never stopped`),
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Pieces of text go on; anything else replaces what stood there. */
function joinMember(before: unknown, more: unknown): unknown {
  if (typeof before === 'string' && typeof more === 'string') return before + more
  return more ?? before
}
