/** The single values of a JSON document, and documents that differ from it in one of them. */

export type Path = readonly (string | number)[]

export interface Leaf {
  readonly path: Path
  readonly value: string | number | boolean
}

/** What says nothing (null, an empty text, list or object) is no value. */
export function leavesOf(json: unknown, path: Path = []): Leaf[] {
  if (typeof json === 'object' && json !== null) {
    const entries = Array.isArray(json) ? [...json.entries()] : Object.entries(json)
    return entries.flatMap(([key, value]) => leavesOf(value, [...path, key]))
  }
  if (json === null || json === undefined || json === '') return []
  return [{ path, value: json as Leaf['value'] }]
}

/** The path with a star for each index: what is alike in all entries of a list. */
export function shapeOf(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? '*' : step)).join('.')
}

/** A copy in which the value at this path is another; undefined takes it out. */
export function replaceAt(json: any, [step, ...rest]: Path, value: unknown): any {
  if (step === undefined) return value
  if (Array.isArray(json)) {
    const copy = [...json]
    copy[step as number] = replaceAt(json[step as number], rest, value)
    return rest.length === 0 && value === undefined ? copy.filter((_, index) => index !== step) : copy
  }
  const copy = { ...json, [step]: replaceAt(json[step], rest, value) }
  if (rest.length === 0 && value === undefined) delete copy[step]
  return copy
}

/** Another value of the same kind: other bytes for bytes, another member for JSON in a text. */
export function alter(value: Leaf['value']): Leaf['value'] {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return Number.isInteger(value) ? value + 1 : value / 2
  if (/^\s*\{.*\}\s*$/s.test(value))
    return value.replace(/,?\s*\}\s*$/, (end) => (isEmptyObject(value) ? '"zq":1}' : `,"zq":1${end.trimStart()}`))
  if (/^[A-Za-z0-9+/_=-]{60,}$/.test(value) || /^data:[^,]*;base64,/.test(value)) {
    const at = value.length - 8
    return value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
  }
  return `${value}zq`
}

function isEmptyObject(text: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(text)
}

/** Where two documents differ, as dotted paths of their leaves; a list of another length differs as a whole. */
export function differences(one: any, other: any, path = ''): string[] {
  if (Object.is(one, other)) return []
  const isBranch = (value: unknown) => typeof value === 'object' && value !== null
  if (one === undefined && isBranch(other)) return differences({}, other, path)
  if (other === undefined && isBranch(one)) return differences(one, {}, path)
  if (!isBranch(one) || !isBranch(other)) return [path]
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return [path]
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  const members = (value: object): any => value
  return [...keys].flatMap((key) =>
    differences(members(one)[key], members(other)[key], path === '' ? key : `${path}.${key}`),
  )
}
