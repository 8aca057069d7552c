/** The three signs that mean something in XML text, as entities; `&` first, so that nothing is escaped twice. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A value for a reader that undoes escapes only where it sees them: escaped where it would take it for that though it is meant as it is. */
export function escapeIfRead(text: string): string {
  return looksEscaped(text) ? escapeXml(text) : text
}

const ENTITIES = /&(?:amp|lt|gt|quot|apos);/g

function looksEscaped(text: string): boolean {
  if (text.startsWith('<![CDATA[')) return true
  const rest = text.replace(ENTITIES, '')
  return rest !== text && !/[<>&]/.test(rest)
}
