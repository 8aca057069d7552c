/** Pictures: bare base64 on the wire, without a word about what it is. */
import { expectString } from '../ir/expect.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ImagePart, MediaSource } from '../ir/part.ts'

/** How the base64 of a picture begins, as all files of its kind begin with the same bytes. */
const BEGINNINGS: readonly (readonly [begins: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  // `RIFF`, four bytes of length, `WEBP`: of sounds in RIFF the API knows nothing.
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
  ['SUkq', 'image/tiff'],
  ['TU0AK', 'image/tiff'],
]
const UNKNOWN = 'image/png'
const DATA_URL = /^data:([^;,]+);base64,/
/** A media type is short: it is not looked for in megabytes. */
const LONGEST_HEAD = 100

/** Some clients send data URLs or links, though the API has neither. */
export function decodeImage(value: unknown, path: string): ImagePart {
  const text = expectString(value, path)
  return { type: 'image', source: readSource(text) }
}

function readSource(text: string): MediaSource {
  if (/^https?:\/\//.test(text.slice(0, LONGEST_HEAD))) return { type: 'url', url: text }
  const head = DATA_URL.exec(text.slice(0, LONGEST_HEAD))
  const data = head === null ? text : text.slice(head[0].length)
  return { type: 'base64', mediaType: head?.[1] ?? sniff(data), data }
}

function sniff(base64: string): string {
  return BEGINNINGS.find(([begins]) => base64.startsWith(begins))?.[1] ?? UNKNOWN
}

/** The base64 of a picture; nothing, and a report, for one that is not at hand. */
export function encodeImage(part: ImagePart, path: string, report: ReportLoss): string | undefined {
  if (part.detail !== undefined && part.detail !== 'auto')
    report(`${path}.detail`, 'Ollama looks at all pictures alike')
  if (part.source.type === 'base64') return part.source.data
  report(path, 'a picture must come as bytes')
  return undefined
}
