/** Pictures, sounds and documents: data URLs and links on the wire, sources in the interlingua. */
import type { MediaSource } from '../ir/part.ts'

const SCHEME = 'data:'
const BASE64 = ';base64'
/** A media type with its parameters is short: the comma after it is not looked for in megabytes. */
const LONGEST_HEAD = 256

/** A data URL in base64 becomes its bytes; every other URL stays one. */
export function decodeUrl(url: string): MediaSource {
  if (!url.startsWith(SCHEME)) return { type: 'url', url }
  const head = url.slice(SCHEME.length, SCHEME.length + LONGEST_HEAD)
  const comma = head.indexOf(',')
  const mediaType = head.slice(0, Math.max(0, comma - BASE64.length))
  const isBase64 = comma > 0 && head.slice(0, comma).endsWith(BASE64)
  if (!isBase64 || mediaType === '') return { type: 'url', url }
  return { type: 'base64', mediaType, data: url.slice(SCHEME.length + comma + 1) }
}

/** The URL that holds or names these bytes; nothing where there is none. */
export function encodeUrl(source: MediaSource): string | undefined {
  if (source.type === 'url') return source.url
  if (source.type === 'base64') return `${SCHEME}${source.mediaType}${BASE64},${source.data}`
  return undefined
}

/** Names that the wire has for sounds, where they are not the second half of the media type. */
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/vnd.wave': 'wav',
}

export function encodeAudioFormat(mediaType: string): string {
  return AUDIO_FORMATS[mediaType] ?? mediaType.slice(mediaType.indexOf('/') + 1)
}

export function decodeAudioFormat(format: string): string {
  return format === 'mp3' ? 'audio/mpeg' : `audio/${format}`
}
