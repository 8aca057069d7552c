/** Thoughts: a `reasoning` item on the wire, one part of the interlingua. */
import { defined } from '../ir/defined.ts'
import { expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ReasoningPart } from '../ir/part.ts'
import { sealProof, unsealProof } from '../ir/seal.ts'
import { isObject } from './is-object.ts'
import { noteItem, restoreItem } from './item-notes.ts'
import { createRest, giveBack, isOwn, isSpelled, noted, PROTOCOL } from './rest.ts'
import type { Item } from './wire.ts'

const MEMBERS = new Set(['type', 'id', 'status', 'summary', 'content', 'encrypted_content'])
const SUMMARY = 'summary_text'
const RAW = 'reasoning_text'

/** Spellings: how long the pieces are of which the text was joined. */
const SUMMARY_LENGTHS = 'summary:'
const CONTENT_LENGTHS = 'content:'
/** It came piece by piece, as the thought itself and not as a summary. */
export const RAW_THOUGHT = 'raw'

/** Stands between two pieces that the wire has as two: each is a paragraph with a heading of its own (trap 100). */
export const PIECE_SEPARATOR = '\n\n'

/** @returns nothing for an item whose pieces are of a kind that nobody knows, and for one that has only an id. */
export function decodeReasoning(fields: JsonObject, path: string, issuer: string): ReasoningPart | undefined {
  const summary = readPieces(fields.summary, SUMMARY)
  const content = readPieces(fields.content, RAW)
  if (summary === undefined || content === undefined) return undefined
  const isEmpty = [...summary, ...content].join('') === '' && typeof fields.encrypted_content !== 'string'
  if (isEmpty) return undefined
  const rest = createRest()
  rest.take(fields, MEMBERS)
  noteItem({ ...fields, id: undefined }, rest)
  if (Array.isArray(fields.summary)) rest.note(SUMMARY_LENGTHS, lengthsOf(summary))
  if (Array.isArray(fields.content)) rest.note(CONTENT_LENGTHS, lengthsOf(content))
  const proof = readProof(optional(fields.encrypted_content, `${path}.encrypted_content`, expectString), issuer)
  return defined<ReasoningPart>({
    type: 'reasoning',
    text: [...summary, ...content].join(PIECE_SEPARATOR),
    id: optional(fields.id, `${path}.id`, expectString),
    signature: proof.signature,
    encrypted: proof.encrypted,
    issuer: proof.issuer,
    ...rest.kept(),
  })
}

type Proof = Pick<ReasoningPart, 'signature' | 'encrypted' | 'issuer'>

/** Who can read it: the one who is named on the seal, else whoever answers here. */
export function readProof(
  encrypted: string | undefined,
  issuer: string,
): { [Name in keyof Proof]: Proof[Name] | undefined } {
  if (encrypted === undefined) return { signature: undefined, encrypted: undefined, issuer: undefined }
  const sealed = unsealProof(encrypted)
  return sealed === undefined
    ? { signature: undefined, encrypted, issuer }
    : { signature: sealed.signature, encrypted: sealed.encrypted, issuer: sealed.issuer }
}

/** The proof as a client is to hold it and to send it back. */
export function encodeProof({ signature, encrypted, issuer = 'unknown' }: Proof): string | undefined {
  if (encrypted !== undefined) return issuer === PROTOCOL ? encrypted : sealProof('encrypted', issuer, encrypted)
  return signature === undefined || signature === '' ? undefined : sealProof('signature', issuer, signature)
}

function readPieces(value: unknown, type: string): string[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  const texts: string[] = []
  for (const piece of value) {
    if (!isObject(piece) || piece.type !== type || typeof piece.text !== 'string') return undefined
    if (Object.keys(piece).length > 2) return undefined
    texts.push(piece.text)
  }
  return texts
}

function lengthsOf(pieces: readonly string[]): string {
  return pieces.map((piece) => piece.length).join(',')
}

/**
 * The item for a client, or for a back end to which it is known that it may go.
 *
 * @param id for one that has none of its own; undefined: it is left out.
 */
export function encodeReasoning(part: ReasoningPart, id: string | undefined, path: string, report: ReportLoss): Item {
  const item: Item = { type: 'reasoning', ...(id === undefined ? {} : { id }) }
  const pieces = splitText(part)
  if (pieces.summary !== undefined) item.summary = pieces.summary.map((text) => ({ type: SUMMARY, text }))
  if (pieces.content !== undefined) item.content = pieces.content.map((text) => ({ type: RAW, text }))
  const proof = encodeProof(part)
  if (proof !== undefined) item.encrypted_content = proof
  restoreItem(item, part)
  giveBack(item, part, path, report)
  return item
}

interface Pieces {
  readonly summary?: readonly string[]
  readonly content?: readonly string[]
}

/** The pieces as the wire had them, where the text still is what it was. */
function splitText(part: ReasoningPart): Pieces {
  if (isOwn(part)) {
    const summary = readLengths(noted(part, SUMMARY_LENGTHS))
    const content = readLengths(noted(part, CONTENT_LENGTHS))
    const cut = cutText(part.text, [...(summary ?? []), ...(content ?? [])])
    if (cut !== undefined && (summary ?? content) !== undefined) {
      return {
        ...(summary === undefined ? {} : { summary: cut.slice(0, summary.length) }),
        ...(content === undefined ? {} : { content: cut.slice(summary?.length ?? 0) }),
      }
    }
  }
  const pieces = part.text === '' ? [] : [part.text]
  return isSpelled(part, RAW_THOUGHT) ? { summary: [], content: pieces } : { summary: pieces }
}

function readLengths(noted: string | undefined): number[] | undefined {
  if (noted === undefined) return undefined
  return noted === '' ? [] : noted.split(',').map(Number)
}

function cutText(text: string, lengths: readonly number[]): string[] | undefined {
  const separators = Math.max(0, lengths.length - 1) * PIECE_SEPARATOR.length
  if (lengths.reduce((sum, length) => sum + length, separators) !== text.length) return undefined
  let at = 0
  return lengths.map((length) => {
    const piece = text.slice(at, at + length)
    at += length + PIECE_SEPARATOR.length
    return piece
  })
}
