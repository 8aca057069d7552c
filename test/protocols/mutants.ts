/** Requests with one thing wrong, made from right ones. */

export interface Mutant {
  /** Where the wrong thing stands, with dots. */
  readonly path: string
  readonly what: string
  readonly body: any
}

/** One value of each type that JSON has; null is absent wherever a field may be. */
const VALUES: readonly (readonly [type: string, value: unknown])[] = [
  ['a string', 'tomorrow'],
  ['a number', 7.5],
  ['a boolean', true],
  ['an empty list', []],
  ['a list', [7.5]],
  ['an empty object', {}],
  ['an object', { tomorrow: 1 }],
]

/**
 * The request with each of its members in turn replaced by a value of each other type, and each word by one that nobody knows.
 *
 * @param seen shapes that have had their turn, to which those of this request are added: of a thousand messages of one
 *   shape the first is changed.
 */
export function mutate(seed: object, seen: Set<string>): Mutant[] {
  const mutants: Mutant[] = []

  function visit(value: unknown, path: readonly (string | number)[], shape: string): void {
    if (!seen.has(shape) && path.length > 0) {
      seen.add(shape)
      for (const [type, wrong] of VALUES) {
        if (JSON.stringify(wrong) === JSON.stringify(value)) continue
        mutants.push({ path: path.join('.'), what: type, body: replace(seed, path, wrong) })
      }
    }
    if (typeof value !== 'object' || value === null || isFree(path)) return
    for (const [name, member] of Object.entries(value)) {
      const key = Array.isArray(value) ? Number(name) : name
      visit(member, [...path, key], `${shape}.${Array.isArray(value) ? '*' : name}${kindOf(member)}`)
    }
  }

  visit(seed, [], '')
  return mutants
}

/** What stands inside belongs to the caller: schemas, arguments, metadata. */
const FREE: ReadonlySet<unknown> = new Set([
  'parameters',
  'parametersJsonSchema',
  'responseJsonSchema',
  'responseSchema',
  'input_schema',
  'schema',
  'args',
  'arguments',
  'metadata',
  'client_metadata',
  'response',
  'labels',
  'properties',
])

function isFree(path: readonly (string | number)[]): boolean {
  const [last, before] = [path.at(-1), path.at(-2)]
  return (
    FREE.has(last) || (last === 'input' && typeof before === 'number') || (last === 'format' && before === undefined)
  )
}

function kindOf(member: unknown): string {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return ''
  const { type, role } = member as { type?: unknown; role?: unknown }
  const keys = type === undefined && role === undefined ? Object.keys(member).sort().join('+') : ''
  return `<${String(type ?? '')} ${String(role ?? '')} ${keys}>`
}

function replace(value: any, [head, ...rest]: readonly (string | number)[], wrong: unknown): any {
  if (head === undefined) return wrong
  if (Array.isArray(value)) return value.map((one, index) => (index === head ? replace(one, rest, wrong) : one))
  return { ...value, [head]: replace(value[head], rest, wrong) }
}
