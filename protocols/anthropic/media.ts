/** Where the bytes of an image or a document lie: `source` on the wire, `MediaSource` in the interlingua. */
import { expectString } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { FilePart, ImagePart, MediaSource } from '../ir/part.ts'
import { type Inner, PROTOCOL } from './keep.ts'
import type { Block } from './wire.ts'

const PDF = 'application/pdf'
const PLAIN_TEXT = 'text/plain'

export interface ReadSource {
  readonly source: MediaSource
  readonly inner: Inner
}

interface SourceReader {
  readonly known: readonly string[]
  readonly read: (fields: JsonObject, path: string) => MediaSource
}

const READERS: ReadonlyMap<unknown, SourceReader> = new Map<unknown, SourceReader>([
  [
    'base64',
    {
      known: ['type', 'media_type', 'data'],
      read: (fields, path) => ({
        type: 'base64',
        mediaType: expectString(fields.media_type, `${path}.media_type`),
        data: expectString(fields.data, `${path}.data`),
      }),
    },
  ],
  [
    'url',
    { known: ['type', 'url'], read: (fields, path) => ({ type: 'url', url: expectString(fields.url, `${path}.url`) }) },
  ],
  [
    'text',
    {
      known: ['type', 'media_type', 'data'],
      read: (fields, path) => ({
        type: 'text',
        mediaType: expectString(fields.media_type, `${path}.media_type`),
        text: expectString(fields.data, `${path}.data`),
      }),
    },
  ],
  [
    'file',
    {
      known: ['type', 'file_id'],
      read: (fields, path) => ({
        type: 'file-id',
        id: expectString(fields.file_id, `${path}.file_id`),
        protocol: PROTOCOL,
      }),
    },
  ],
])

/** Nothing for a kind of source that the interlingua has no name for: its block is carried verbatim. */
export function readSource(fields: JsonObject, path: string): ReadSource | undefined {
  const reader = READERS.get(fields.type)
  if (reader === undefined) return undefined
  return {
    source: reader.read(fields, path),
    inner: { name: 'source', fields, known: new Set(reader.known) },
  }
}

/** A block, or in words why there can be none. */
export type WrittenMedia = { readonly block: Block; readonly change?: string } | { readonly lost: string }

const FOREIGN_FILE = 'a file that was uploaded to another provider'

export function writeImage(part: ImagePart): WrittenMedia {
  const source = part.source
  switch (source.type) {
    case 'base64':
      return image({ type: 'base64', media_type: source.mediaType, data: source.data })
    case 'url':
      return image({ type: 'url', url: source.url })
    case 'file-id':
      return source.protocol === PROTOCOL ? image({ type: 'file', file_id: source.id }) : { lost: FOREIGN_FILE }
    case 'text':
      return { lost: 'an image cannot be text' }
  }
}

export function writeDocument(part: FilePart): WrittenMedia {
  const title = part.filename === undefined ? {} : { title: part.filename }
  const source = part.source
  switch (source.type) {
    case 'base64':
      return writeBase64Document(source.mediaType, source.data, title)
    case 'url':
      if (source.mediaType?.startsWith('image/')) return image({ type: 'url', url: source.url })
      if (source.mediaType !== undefined && /^(?:audio|video)\//.test(source.mediaType))
        return { lost: `the API reads PDF and plain text, not ${source.mediaType}` }
      return document({ type: 'url', url: source.url }, title)
    case 'text':
      return {
        ...document({ type: 'text', media_type: PLAIN_TEXT, data: source.text }, title),
        ...asPlain(source.mediaType),
      }
    case 'file-id':
      return source.protocol === PROTOCOL
        ? document({ type: 'file', file_id: source.id }, title)
        : { lost: FOREIGN_FILE }
  }
}

function writeBase64Document(mediaType: string, data: string, title: { title?: string }): WrittenMedia {
  if (mediaType === PDF) return document({ type: 'base64', media_type: mediaType, data }, title)
  if (mediaType.startsWith('image/')) return image({ type: 'base64', media_type: mediaType, data })
  if (mediaType.startsWith('text/') || mediaType === 'application/json') {
    const text = Buffer.from(data, 'base64').toString('utf8')
    return { ...document({ type: 'text', media_type: PLAIN_TEXT, data: text }, title), ...asPlain(mediaType) }
  }
  return { lost: `the API reads PDF and plain text, not ${mediaType}` }
}

function asPlain(mediaType: string): { change?: string } {
  return mediaType === PLAIN_TEXT ? {} : { change: `${mediaType} is sent as ${PLAIN_TEXT}` }
}

function image(source: JsonObject): { block: Block } {
  return { block: { type: 'image', source } }
}

function document(source: JsonObject, title: { title?: string }): { block: Block } {
  return { block: { type: 'document', source, ...title } }
}
