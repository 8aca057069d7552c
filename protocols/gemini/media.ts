/** Pictures, sounds and files: `inlineData` and `fileData` on the wire, a part of its kind in the interlingua. */
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { AudioPart, FilePart, ImagePart, MediaSource } from '../ir/part.ts'
import { type Keeper, PROTOCOL } from './keep.ts'

export type MediaPart = ImagePart | AudioPart | FilePart

const INLINE = new Set(['mimeType', 'data'])
const REMOTE = new Set(['mimeType', 'fileUri'])

/** What the API allows a client to leave out. */
const UNKNOWN_TYPE = 'application/octet-stream'

/** @param path of `value`, the object under `inlineData`. */
export function readInline(value: unknown, path: string, keeper: Keeper): MediaPart {
  const fields = keeper.read(expectObject(value, path), INLINE, 'inlineData.')
  const mediaType = optional(fields.mimeType, `${path}.mimeType`, expectString)
  if (mediaType === undefined) keeper.spell('no-type')
  const data = expectString(fields.data, `${path}.data`)
  return makePart(mediaType, { type: 'base64', mediaType: mediaType ?? UNKNOWN_TYPE, data })
}

/** @param path of `value`, the object under `fileData`. */
export function readRemote(value: unknown, path: string, keeper: Keeper): MediaPart {
  const fields = keeper.read(expectObject(value, path), REMOTE, 'fileData.')
  const mediaType = optional(fields.mimeType, `${path}.mimeType`, expectString)
  const url = expectString(fields.fileUri, `${path}.fileUri`)
  if (!isPrivate(url))
    return makePart(mediaType, { type: 'url', url, ...(mediaType === undefined ? {} : { mediaType }) })
  if (mediaType !== undefined) keeper.keep('fileData.mimeType', mediaType)
  return makePart(mediaType, { type: 'file-id', id: url, protocol: PROTOCOL })
}

/** Files that lie with Google: nobody else can fetch them. */
function isPrivate(uri: string): boolean {
  return !/^https?:/i.test(uri) || /^https:\/\/generativelanguage\.googleapis\.com\//i.test(uri)
}

function makePart(mediaType: string | undefined, source: MediaSource): MediaPart {
  const kind = (mediaType ?? '').split('/', 1)[0]?.toLowerCase()
  if (kind === 'image') return { type: 'image', source }
  if (kind === 'audio') return { type: 'audio', source }
  return { type: 'file', source }
}

/** What the wire holds, or in words why it can hold nothing. */
export type WrittenMedia =
  | { readonly part: { inlineData: Record<string, unknown> } | { fileData: Record<string, unknown> } }
  | { readonly lost: string }

/** @param isUntyped the client itself gave no type. */
export function writeMedia(part: MediaPart, isUntyped: boolean): WrittenMedia {
  const { source } = part
  switch (source.type) {
    case 'base64': {
      const { data } = source
      const mimeType = fixType(source.mediaType)
      return { part: { inlineData: isUntyped ? { data } : { mimeType, data } } }
    }
    case 'text': {
      const data = Buffer.from(source.text, 'utf8').toString('base64')
      return { part: { inlineData: { mimeType: source.mediaType, data } } }
    }
    case 'url': {
      const mimeType = source.mediaType ?? guessType(source.url)
      return { part: { fileData: { ...(mimeType === undefined ? {} : { mimeType }), fileUri: source.url } } }
    }
    case 'file-id':
      return source.protocol === PROTOCOL
        ? { part: { fileData: { fileUri: source.id } } }
        : { lost: 'a file that was uploaded to another provider' }
  }
}

/** A name that people use and the API refuses. */
function fixType(mediaType: string): string {
  return mediaType === 'image/jpg' ? 'image/jpeg' : mediaType
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['mp3', 'audio/mp3'],
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
  ['ogg', 'audio/ogg'],
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
  ['mov', 'video/mov'],
])

/** By the ending of the file's name; some models take no file without a type (trap 129). */
function guessType(url: string): string | undefined {
  const ending = /\.([a-z0-9]{2,5})(?:[?#]|$)/i.exec(url)?.[1]
  return ending === undefined ? undefined : TYPES.get(ending.toLowerCase())
}
