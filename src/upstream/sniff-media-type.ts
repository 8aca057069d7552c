/** How all files of a kind begin, in Latin-1; of some containers, what stands behind their length as well. */
const BEGINNINGS: readonly (readonly [mediaType: string, begins: string, atEight?: string])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'RIFF', 'WEBP'],
  ['application/pdf', '%PDF-'],
  ['audio/wav', 'RIFF', 'WAVE'],
  ['audio/mpeg', 'ID3'],
  ['audio/flac', 'fLaC'],
]

const LONGEST = 12

/** What bytes are; nothing where their beginning does not tell. */
export function sniffMediaType(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, LONGEST)
  return BEGINNINGS.find(([, begins, atEight = '']) => text.startsWith(begins) && text.startsWith(atEight, 8))?.[0]
}
