import { expect } from 'chai'
import fc from 'fast-check'
import { ConfigFault } from '../../../src/config/config-fault.ts'
import { readJsonc } from '../../../src/config/jsonc-document.ts'

const same = (text: string): string => text

/** Objects without a prototype are compared as others are. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** Writes JSON as people do: with comments, commas at the end and line breaks of both kinds, chosen by the numbers given. */
function scribble(value: unknown, choices: readonly number[]): string {
  let turn = 0
  const choose = (options: readonly string[]): string => {
    turn += 1
    return options[(choices[turn % choices.length] ?? 0) % options.length] ?? ''
  }
  const gap = (): string => choose(['', ' ', '\n', '\r\n\t', '/* { " */', '// [ "\n'])
  const write = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return JSON.stringify(part)
    const members = Array.isArray(part)
      ? part.map((member) => gap() + write(member) + gap())
      : Object.entries(part).map(
          ([key, member]) => `${gap()}${JSON.stringify(key)}${gap()}:${gap()}${write(member)}${gap()}`,
        )
    const end = members.length > 0 ? choose(['', ',', ', ']) : gap()
    return Array.isArray(part) ? `[${members.join(',')}${end}]` : `{${members.join(',')}${end}}`
  }
  return gap() + write(value) + gap()
}

describe('readJsonc', () => {
  const json = fc.jsonValue({ maxDepth: 5 })

  it('reads every JSON text as JSON.parse does', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(plain(readJsonc('f', text, same).value)).to.deep.equal(JSON.parse(text))
      }),
    )
  })

  it('reads the same through comments, commas at the end and line breaks', () => {
    fc.assert(
      fc.property(json, fc.array(fc.nat(5), { minLength: 1, maxLength: 9 }), (value, choices) => {
        const text = scribble(value, choices)
        expect(plain(readJsonc('f', text, same).value), text).to.deep.equal(plain(value))
      }),
    )
  })

  it('tells for every member the line and column at which its value stands', () => {
    const flat = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
      minKeys: 1,
    })
    fc.assert(
      fc.property(flat, fc.array(fc.nat(5), { minLength: 1, maxLength: 9 }), (object, choices) => {
        const text = scribble(object, choices)
        const document = readJsonc('f', text, same)
        for (const [key, value] of Object.entries(object)) {
          const { line = 0, column = 0 } = document.locate([key], 'is wrong')
          const rest = text
            .split('\n')
            .slice(line - 1)
            .join('\n')
            .slice(column - 1)
          expect(rest.startsWith(JSON.stringify(value)), `${key} at ${line}:${column} in ${text}`).to.equal(true)
        }
      }),
    )
  })

  it('tells of what is absent the place of what should hold it', () => {
    const document = readJsonc('f', '{\n  "a": [ {} ]\n}', same)
    expect(document.locate(['a', 0, 'name'], 'is required')).to.deep.equal({
      file: 'f',
      line: 2,
      column: 10,
      path: 'a.0.name',
      problem: 'is required',
    })
    expect(document.locate(['b', 'c'], 'is required')).to.include({ line: 1, column: 1, path: 'b.c' })
  })

  it('S14, F95: whatever the text is, it is read or refused with a place in it, and nothing else is thrown', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      'true',
      'nul',
      '//',
      '/*',
      '*/',
      '\n',
      '\\',
      '\u{feff}',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        try {
          readJsonc('f', text, same)
        } catch (error) {
          expect(error).to.be.instanceOf(ConfigFault)
          for (const { line = 0, column = 0 } of (error as ConfigFault).problems) {
            expect(line).to.be.within(1, text.split('\n').length)
            expect(column).to.be.within(1, text.length + 1)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('F95: a file that is half written is refused wherever it was cut', () => {
    const text = '{ "providers": [ { "name": "a", "models": ["m"], "enabled": true } ], "port": 3456 }'
    for (let length = 0; length < text.length; length += 1) {
      expect(() => readJsonc('f', text.slice(0, length), same), text.slice(0, length)).to.throw(
        ConfigFault,
        /^f:1:\d+: the file/,
      )
    }
  })

  it('takes 64 levels and not one more', () => {
    const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => readJsonc('f', nest(64), same)).to.not.throw()
    expect(() => readJsonc('f', nest(65), same)).to.throw(ConfigFault, /^f:1:65: the file is nested more than 64/)
    expect(() => readJsonc('f', `"${nest(500)}"`, same), 'brackets in a text are none').to.not.throw()
  })
})
