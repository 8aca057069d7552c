/** One text for one meaning: the order in which members were given does not count. */

/** @param value of JSON, and maps with text as keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Map) return sortMembers([...member])
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member
    return sortMembers(Object.entries(member))
  })
}

/** Tells an object from the list of its pairs. */
const MARK = '{}'

/** By pairs and not as an object, whose numbered members would come first and whose `__proto__` would be none. */
function sortMembers(members: readonly (readonly [unknown, unknown])[]): readonly unknown[] {
  const sorted = members.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))
  return [MARK, ...sorted]
}
