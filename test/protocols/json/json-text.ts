import fc from 'fast-check'

/** How a text is written where JSON leaves it open; asked anew at each place. */
interface Style {
  readonly space: () => string
  /** Whether the letters of the next string are written as escapes. */
  readonly escapes: () => boolean
}

const style: fc.Arbitrary<Style> = fc
  .tuple(
    fc.infiniteStream(fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 3 })),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([spaces, escapes]) => ({ space: () => spaces.next().value, escapes: () => escapes.next().value }))

/** Any value, in one of the many texts that mean it. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), style)
  .map(([value, how]) => writeJson(value, how))

const name = fc.oneof(
  fc.constantFrom('model', 'stream', '__proto__', 'constructor', 'a"b', 'a\\', '', 'é漢😀\ud800'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

/** An object whose names come twice, need escapes, or mean something to JavaScript. */
export const jsonObjectText: fc.Arbitrary<{ members: [name: string, value: unknown][]; text: string }> = fc
  .tuple(fc.array(fc.tuple(name, fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })), { maxLength: 6 }), style)
  .map(([members, how]) => ({ members, text: writeObject(members, how) }))

function writeJson(value: unknown, how: Style): string {
  const surround = (text: string) => `${how.space()}${text}${how.space()}`
  if (Array.isArray(value)) return surround(`[${how.space()}${value.map((one) => writeJson(one, how)).join(',')}]`)
  if (typeof value === 'object' && value !== null) return writeObject(Object.entries(value), how)
  if (typeof value !== 'string' || !how.escapes()) return surround(JSON.stringify(value))
  const characters = [...value].map((character) =>
    /[a-z]/.test(character) ? `\\u00${character.charCodeAt(0).toString(16)}` : JSON.stringify(character).slice(1, -1),
  )
  return surround(`"${characters.join('')}"`)
}

function writeObject(members: [name: string, value: unknown][], how: Style): string {
  const written = members.map((member) => member.map((part) => writeJson(part, how)).join(':'))
  return `${how.space()}{${how.space()}${written.join(',')}}${how.space()}`
}

/** A JSON text with some bytes replaced, put in, or taken out. */
export function damagedText(texts: fc.Arbitrary<string>, alphabet: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(),
    removed: fc.nat({ max: 2 }),
    put: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 2 }),
  })
  return fc.tuple(texts, fc.array(change, { maxLength: 3 })).map(([text, changes]) => {
    let damaged = text
    for (const { at, removed, put } of changes) {
      const start = at % (damaged.length + 1)
      damaged = damaged.slice(0, start) + put + damaged.slice(start + removed)
    }
    return damaged
  })
}

/** What `JSON.parse` makes of a text; undefined when it refuses. */
export function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
