/** Pictures, sounds and documents: data URLs and links on the wire, sources in the interlingua. */
import type { MediaSource } from '../ir/part.ts'

const DATA_URL = /^data:([^,]{1,256});base64,/

/** A data URL in base64 becomes its bytes; every other URL stays one. */
export function decodeUrl(url: string): MediaSource {
  const match = DATA_URL.exec(url.slice(0, 300))
  const mediaType = match?.[1]
  if (match === null || mediaType === undefined) return { type: 'url', url }
  return { type: 'base64', mediaType, data: url.slice(match[0].length) }
}

/** The URL that holds or names these bytes; nothing where there is none. */
export function encodeUrl(source: MediaSource): string | undefined {
  if (source.type === 'url') return source.url
  return source.type === 'base64' ? `data:${source.mediaType};base64,${source.data}` : undefined
}
