/** Content blocks of the wire, decoded: one block becomes one part. */
import { expectArray, expectBoolean, expectList, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { Citation, OpaquePart, Part, TextPart, ToolResultContent, ToolResultPart } from '../ir/part.ts'
import { unsealProof } from '../ir/seal.ts'
import { readCache } from './cache.ts'
import { type Inner, keepRest, PROTOCOL } from './keep.ts'
import { readSource } from './media.ts'

/** What differs between the blocks of a client and those of a back end. */
export interface BlockReader {
  /** Whose a signature is that does not say so itself. */
  readonly issuer: string
}

/** How the blocks of a back end are read. */
export function backEndReader(facts: ModelFacts): BlockReader {
  return { issuer: facts.issuer ?? PROTOCOL }
}

type ReadBlock = (fields: JsonObject, path: string, reader: BlockReader) => Part

/** Blocks that have a name in the interlingua; all others are carried verbatim. */
const BLOCKS: ReadonlyMap<string, ReadBlock> = new Map<string, ReadBlock>([
  ['text', readText],
  ['image', readImage],
  ['document', readDocument],
  ['thinking', readThinking],
  ['redacted_thinking', readRedacted],
  ['tool_use', readToolUse],
  ['tool_result', readToolResult],
])

/** A message's `content`: a string, or a list of blocks and strings. */
export function decodeContent(value: unknown, path: string, reader: BlockReader): readonly Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }]
  if (value !== undefined && !Array.isArray(value)) refuse(path, 'expected a string or a list of content blocks')
  return expectArray(value, path).map((block, index) => decodeBlock(block, `${path}.${index}`, reader))
}

/** @throws ApiFailure `bad-request` naming the member that is wrong. */
export function decodeBlock(value: unknown, path: string, reader: BlockReader): Part {
  if (typeof value === 'string') return { type: 'text', text: value }
  const fields = expectObject(value, path)
  const read = BLOCKS.get(expectString(fields.type, `${path}.type`))
  return read === undefined ? carry(fields) : read(fields, path, reader)
}

function carry(fields: JsonObject): OpaquePart {
  return { type: 'opaque', protocol: PROTOCOL, value: fields }
}

/** The members that every kind of block may have, and what is left over. */
function keep(fields: JsonObject, path: string, known: readonly string[], words: string[] = [], inner: Inner[] = []) {
  const { cache, inner: cacheInner } = readCache(fields, path)
  return {
    ...(cache === undefined ? {} : { cache }),
    ...keepRest(fields, new Set(['type', 'cache_control', ...known]), words, [...inner, ...cacheInner]),
  }
}

/** A line of the client's own accounting, new in each session: any other back end would miss its prompt cache for it (trap 147). */
const BILLING = /^x-anthropic-billing-header:/

function readText(fields: JsonObject, path: string): TextPart | OpaquePart {
  if (path.startsWith('system.') && BILLING.test(String(fields.text))) return carry(fields)
  const citations = optional(fields.citations, `${path}.citations`, expectList(decodeCitation))
  return {
    type: 'text',
    text: expectString(fields.text, `${path}.text`),
    ...(citations === undefined ? {} : { citations }),
    ...keep(fields, path, ['text', 'citations']),
  }
}

/** The places that it names lie in the source, not in the text that cites it, so they stay in the original. */
export function decodeCitation(value: unknown, path: string): Citation {
  const fields = expectObject(value, path)
  const url = optional(fields.url ?? fields.source, `${path}.url`, expectString)
  const title = optional(fields.title ?? fields.document_title, `${path}.title`, expectString)
  const citedText = optional(fields.cited_text, `${path}.cited_text`, expectString)
  return {
    ...(url === undefined ? {} : { url }),
    ...(title === undefined ? {} : { title }),
    ...(citedText === undefined ? {} : { citedText }),
    original: { protocol: PROTOCOL, value: fields },
  }
}

function readImage(fields: JsonObject, path: string): Part {
  const read = readSource(expectObject(fields.source, `${path}.source`), `${path}.source`)
  if (read === undefined) return carry(fields)
  return { type: 'image', source: read.source, ...keep(fields, path, ['source'], [], [read.inner]) }
}

function readDocument(fields: JsonObject, path: string): Part {
  const read = readSource(expectObject(fields.source, `${path}.source`), `${path}.source`)
  if (read === undefined) return carry(fields)
  const filename = optional(fields.title, `${path}.title`, expectString)
  return {
    type: 'file',
    source: read.source,
    ...(filename === undefined ? {} : { filename }),
    ...keep(fields, path, ['source', 'title'], [], [read.inner]),
  }
}

function readThinking(fields: JsonObject, path: string, reader: BlockReader): Part {
  const signature = optional(fields.signature, `${path}.signature`, expectString)
  const proof = signature === undefined ? undefined : (unsealProof(signature) ?? { signature, issuer: reader.issuer })
  return {
    type: 'reasoning',
    text: expectString(fields.thinking, `${path}.thinking`),
    ...proof,
    ...keep(fields, path, ['thinking', 'signature']),
  }
}

function readRedacted(fields: JsonObject, path: string, reader: BlockReader): Part {
  return {
    type: 'reasoning',
    text: '',
    encrypted: expectString(fields.data, `${path}.data`),
    issuer: reader.issuer,
    ...keep(fields, path, ['data']),
  }
}

function readToolUse(fields: JsonObject, path: string): Part {
  return {
    type: 'tool-call',
    id: expectString(fields.id, `${path}.id`),
    name: expectString(fields.name, `${path}.name`),
    arguments: JSON.stringify(expectObject(fields.input, `${path}.input`)),
    ...keep(fields, path, ['id', 'name', 'input']),
  }
}

function readToolResult(fields: JsonObject, path: string, reader: BlockReader): ToolResultPart {
  const isError = optional(fields.is_error, `${path}.is_error`, expectBoolean)
  return {
    type: 'tool-result',
    callId: expectString(fields.tool_use_id, `${path}.tool_use_id`),
    content: readResultContent(fields.content, `${path}.content`, reader),
    ...(isError === undefined ? {} : { isError }),
    ...keep(
      fields,
      path,
      ['tool_use_id', 'content', 'is_error'],
      [...(typeof fields.content === 'string' ? ['string'] : []), ...(Array.isArray(fields.content) ? ['list'] : [])],
    ),
  }
}

/** Tools answer with anything; what is neither text nor blocks is told as its JSON (trap 72). */
function readResultContent(value: unknown, path: string, reader: BlockReader): readonly ToolResultContent[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return [{ type: 'text', text: value }]
  if (Array.isArray(value)) return value.map((item, index) => readResultItem(item, `${path}.${index}`, reader))
  if (typeof value === 'object' && 'type' in value && BLOCKS.has(String(value.type))) {
    return [readResultItem(value, path, reader)]
  }
  return [{ type: 'text', text: JSON.stringify(value) }]
}

function readResultItem(value: unknown, path: string, reader: BlockReader): ToolResultContent {
  const part = decodeBlock(value, path, reader)
  if (part.type === 'text' || part.type === 'image' || part.type === 'file' || part.type === 'opaque') return part
  return carry(expectObject(value, path))
}
