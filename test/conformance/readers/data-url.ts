/** Takes `data:image/png;base64,...` apart. */
import type { Image } from '../ask.ts'

export function readDataUrl(url: string): Image {
  const [, mediaType, base64] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? []
  if (mediaType === undefined || base64 === undefined) throw new Error(`no data URL: ${url.slice(0, 60)}`)
  return { mediaType, base64 }
}
