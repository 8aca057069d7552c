/** Makes any text fit for the value of a header. */

/**
 * Percent-encodes (as UTF-8) whatever is not printable Latin-1: Node throws on the rest, and a line end would smuggle
 * headers. A text that is fine comes back as it is.
 */
export function encodeHeaderValue(text: string): string {
  let encoded = ''
  let from = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) continue
    const isPair = code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))
    const character = isPair ? text.slice(index, index + 2) : isSurrogate(code) ? '\ufffd' : text.charAt(index)
    encoded += text.slice(from, index) + encodeURIComponent(character)
    if (isPair) index += 1
    from = index + 1
  }
  return from === 0 ? text : encoded + text.slice(from)
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
