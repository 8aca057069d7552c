/**
 * What a reference inside one document means: `#/$defs/node`, `#/properties/a~1b`, `#`.
 *
 * @returns nothing for a place that is not there, and for a reference to another document.
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function resolvePointer(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined
  const pointer = decodeFragment(reference.slice(1))
  if (pointer === '') return root
  if (!pointer.startsWith('/')) return undefined
  let value = root
  for (const token of pointer.slice(1).split('/')) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
