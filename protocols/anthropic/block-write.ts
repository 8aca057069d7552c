/** One part of an answer, written as the events of one content block. */
import type { PartDelta, PartHead } from '../ir/event.ts'
import type { ReportLoss } from '../ir/loss.ts'
import { giveBack, PROTOCOL } from './keep.ts'
import { proveReasoning, writeReplyPart } from './reply.ts'
import type { Block, BlockDelta, WireEvent } from './wire.ts'

export interface BlockContext {
  readonly path: string
  readonly report: ReportLoss
  /** Takes the next number; a part that cannot be told takes none (trap 35). */
  readonly nextIndex: () => number
  readonly frame: (event: WireEvent) => string
}

export interface BlockWriter {
  start(): string
  delta(delta: PartDelta): string
  end(): string
}

type Head<Type extends PartHead['type']> = Extract<PartHead, { type: Type }>

const WRITERS: { readonly [Type in PartHead['type']]: (head: Head<Type>, context: BlockContext) => BlockWriter } = {
  text: (_head, context) => writeText(context),
  refusal: (_head, context) => writeText(context),
  reasoning: writeReasoning,
  'tool-call': writeToolCall,
  whole: writeWhole,
}

export function createBlockWriter(head: PartHead, context: BlockContext): BlockWriter {
  // A block of running text takes nothing else; the other kinds give back what is theirs.
  if (head.type !== 'tool-call' && head.type !== 'whole') giveBack({}, head, context.path, context.report)
  // The row of the table takes just this type of head, which the compiler cannot see through the union.
  return WRITERS[head.type](head as never, context)
}

/** A block that begins with its first content: a client would send an empty one back, and the API refuses it (trap 73). */
function lazyBlock(block: Block, { nextIndex, frame }: BlockContext) {
  let index = -1
  return {
    add(delta: BlockDelta): string {
      return this.open() + frame({ type: 'content_block_delta', index, delta })
    },
    open(): string {
      if (index >= 0) return ''
      index = nextIndex()
      return frame({ type: 'content_block_start', index, content_block: block })
    },
    get isOpen() {
      return index >= 0
    },
    close(): string {
      return index < 0 ? '' : frame({ type: 'content_block_stop', index })
    },
  }
}

function writeText(context: BlockContext): BlockWriter {
  const { path, report } = context
  const block = lazyBlock({ type: 'text', text: '' }, context)
  return {
    start: () => '',
    delta({ text, citation, signature, logprobs }) {
      if (signature !== undefined) report(`${path}.signature`, 'text is not signed here')
      if (logprobs !== undefined)
        report(path.replace(/parts\.\d+$/, 'logprobs'), 'the Messages API tells no log probabilities')
      const written = text === undefined || text === '' ? '' : block.add({ type: 'text_delta', text })
      if (citation === undefined) return written
      if (citation.original.protocol === PROTOCOL) {
        return written + block.add({ type: 'citations_delta', citation: citation.original.value })
      }
      report(`${path}.citations`, 'the Messages API cites in a way of its own')
      return written
    },
    end: () => block.close(),
  }
}

/** The signature comes last, once (Q59, trap 93). */
function writeReasoning(head: Head<'reasoning'>, context: BlockContext): BlockWriter {
  const block = lazyBlock({ type: 'thinking', thinking: '', signature: '' }, context)
  let proof: Pick<PartDelta, 'signature' | 'encrypted' | 'issuer'> = head
  return {
    start: () => '',
    delta({ text, signature, encrypted, issuer }) {
      proof = {
        ...proof,
        ...(signature === undefined ? {} : { signature }),
        ...(encrypted === undefined ? {} : { encrypted }),
        ...(issuer === undefined ? {} : { issuer }),
      }
      return text === undefined || text === '' ? '' : block.add({ type: 'thinking_delta', thinking: text })
    },
    end() {
      if (!block.isOpen) return writeUnspoken(proof, context)
      const signature = proveReasoning(proof)
      return (signature === '' ? '' : block.add({ type: 'signature_delta', signature })) + block.close()
    },
  }
}

/** Thinking without a word: redacted, or only signed. */
function writeUnspoken(proof: Pick<PartDelta, 'signature' | 'encrypted' | 'issuer'>, context: BlockContext): string {
  const whole = writeReplyPart({ type: 'reasoning', text: '', ...proof }, context.path, context.report)
  if (whole === undefined) return ''
  if (whole.type !== 'thinking') return writeAtOnce(whole, context)
  const block = lazyBlock({ type: 'thinking', thinking: '', signature: '' }, context)
  const signature = String(whole.signature)
  return (signature === '' ? block.open() : block.add({ type: 'signature_delta', signature })) + block.close()
}

function writeToolCall(head: Head<'tool-call'>, context: BlockContext): BlockWriter {
  const { path, report } = context
  const wire: Block = { type: 'tool_use', id: head.id, name: head.name, input: {} }
  if (head.namespace !== undefined) report(`${path}.namespace`, 'tools have no groups here')
  giveBack(wire, head, path, report)
  const block = lazyBlock(wire, context)
  const pieces: string[] = []
  return {
    start: () => block.open(),
    delta({ arguments: piece, signature }) {
      if (signature !== undefined) report(`${path}.signature`, 'tool calls are not signed here')
      if (piece === undefined || piece === '') return ''
      if (head.freeform !== true) return block.add({ type: 'input_json_delta', partial_json: piece })
      pieces.push(piece)
      return ''
    },
    end() {
      if (head.freeform !== true) return block.close()
      return (
        block.add({ type: 'input_json_delta', partial_json: JSON.stringify({ input: pieces.join('') }) }) +
        block.close()
      )
    },
  }
}

function writeWhole(head: Head<'whole'>, context: BlockContext): BlockWriter {
  return {
    start() {
      const block = writeReplyPart(head.part, context.path, context.report)
      return block === undefined ? '' : writeAtOnce(block, context)
    },
    delta: () => '',
    end: () => '',
  }
}

/** Clients read the input of a call from its deltas only, also where the back end runs the call. */
function writeAtOnce(whole: Block, context: BlockContext): string {
  const input = whole.type.endsWith('_use') && isFilled(whole.input) ? whole.input : undefined
  const block = lazyBlock(input === undefined ? whole : { ...whole, input: {} }, context)
  const told = input === undefined ? '' : block.add({ type: 'input_json_delta', partial_json: JSON.stringify(input) })
  return told === '' ? block.open() + block.close() : told + block.close()
}

function isFilled(input: unknown): input is object {
  return typeof input === 'object' && input !== null && Object.keys(input).length > 0
}
