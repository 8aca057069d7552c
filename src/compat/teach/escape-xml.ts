/** The three signs that mean something in XML text, as entities; `&` first, so that nothing is escaped twice. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
