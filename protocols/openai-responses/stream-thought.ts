/** A thought of a streamed answer: its summary, or itself where the back end shows it. */
import type { PartDelta, PartHead } from '../ir/event.ts'
import { nameItem, type OutputContext } from './output.ts'
import { encodeProof, PIECE_SEPARATOR, RAW_THOUGHT } from './reasoning.ts'
import { giveBack, isOwn, isSpelled } from './rest.ts'
import type { StreamWriter } from './stream-writer.ts'
import type { Item } from './wire.ts'

export interface ThoughtStream {
  open(): string
  more(delta: PartDelta): string
  close(): string
}

type Head = Extract<PartHead, { type: 'reasoning' }>

/** What the events of a piece are called, and the member that says which piece it is. */
interface Words {
  readonly type: string
  readonly member: string
  readonly added: string
  readonly delta: string
  readonly done: string
  readonly closed: string
}

const SUMMARY: Words = {
  type: 'summary_text',
  member: 'summary_index',
  added: 'response.reasoning_summary_part.added',
  delta: 'response.reasoning_summary_text.delta',
  done: 'response.reasoning_summary_text.done',
  closed: 'response.reasoning_summary_part.done',
}

const RAW: Words = {
  type: 'reasoning_text',
  member: 'content_index',
  added: 'response.content_part.added',
  delta: 'response.reasoning_text.delta',
  done: 'response.reasoning_text.done',
  closed: 'response.content_part.done',
}

export function createThoughtStream(
  head: Head,
  path: string,
  writer: StreamWriter,
  context: OutputContext,
): ThoughtStream {
  const id = head.id ?? nameItem('rs', writer.nextIndex, context)
  const words = isSpelled(head, RAW_THOUGHT) ? RAW : SUMMARY
  // Only this protocol's decoder tells pieces by what stands between them; with others a paragraph may come alone.
  const isCut = isOwn(head)
  const proof: { signature?: string; encrypted?: string; issuer?: string } = {}
  if (head.issuer !== undefined) proof.issuer = head.issuer
  if (head.encrypted !== undefined) proof.encrypted = head.encrypted
  const pieces: { type: string; text: string }[] = []
  let index = 0
  /** Texts of the piece that is open. */
  let open: string[] | undefined
  /** A separator came: whether another piece follows is not known yet. */
  let isBetween = false

  function about(type: string, members: Readonly<Record<string, unknown>>): string {
    return writer.about(type, index, id, { [words.member]: pieces.length, ...members })
  }

  function say(text: string): string {
    let frames = ''
    if (open === undefined) {
      open = []
      frames = about(words.added, { part: { type: words.type, text: '' } })
    }
    open.push(text)
    return frames + about(words.delta, { delta: text })
  }

  function closePiece(): string {
    if (open === undefined) return ''
    const part = { type: words.type, text: open.join('') }
    const frames = about(words.done, { text: part.text }) + about(words.closed, { part })
    pieces.push(part)
    open = undefined
    return frames
  }

  function writeItem(): Item {
    const item: Item = { id, type: 'reasoning', summary: words === SUMMARY ? [...pieces] : [] }
    if (words === RAW && pieces.length > 0) item.content = [...pieces]
    const encrypted = encodeProof(proof)
    if (encrypted !== undefined) item.encrypted_content = encrypted
    giveBack(item, head, path, context.report)
    return item
  }

  return {
    open() {
      const begun = writer.begin({ id, type: 'reasoning', summary: [] })
      index = begun.index
      return begun.frames
    },
    more({ text = '', signature, encrypted, issuer }) {
      if (signature !== undefined) proof.signature = signature
      if (encrypted !== undefined) proof.encrypted = encrypted
      if (issuer !== undefined) proof.issuer = issuer
      if (text === '') return ''
      if (isCut && text === PIECE_SEPARATOR && open !== undefined && !isBetween) {
        isBetween = true
        return ''
      }
      const frames = isBetween ? closePiece() : ''
      isBetween = false
      return frames + say(text)
    },
    close() {
      // Nothing came behind it: it belongs to the piece, and a signature may hang on every letter.
      const frames = (isBetween ? say(PIECE_SEPARATOR) : '') + closePiece()
      return frames + writer.end(writeItem(), index)
    },
  }
}
