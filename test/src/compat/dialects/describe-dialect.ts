/** Runs the table of one dialect: each text whole, one unit at a time, and in pieces of three. */
import { expect } from 'chai'
import type { DialectName } from '../../../../src/compat/dialect-name.ts'
import { parse, type ScoredTool } from '../../../toolcall/adapter.ts'

export type Call = readonly [name: string, args: Readonly<Record<string, unknown>>]

export type Row = readonly [title: string, text: string, calls: readonly Call[], rest: string]

/** Tools with a bit of everything: types, nested values, a nullable, none at all. */
export const TOOLS: readonly ScoredTool[] = [
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' }, exact: { type: 'boolean' } },
      required: ['city'],
    },
  },
  {
    name: 'write_file',
    parameters: { type: 'object', properties: { path: { type: 'string' }, content: { type: 'string' } } },
  },
  {
    name: 'search',
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string' },
        limit: { type: ['integer', 'null'] },
        tags: { type: 'array', items: { type: 'string' } },
        filters: { type: 'object', properties: { year: { type: 'integer' } } },
      },
    },
  },
  { name: 'ping', parameters: { type: 'object', properties: {} } },
  // Its parameters are called like tags.
  {
    name: 'tag',
    parameters: { type: 'object', properties: { name: { type: 'string' }, param: { type: 'string' } } },
  },
]

export const OSLO: Call = ['get_weather', { city: 'Oslo', days: 2 }]
export const PING: Call = ['ping', {}]

export function describeDialect(dialect: DialectName, rows: readonly Row[]): void {
  describe(`the dialect ${dialect}`, () => {
    for (const [title, text, calls, rest] of rows) {
      it(title, () => {
        for (const size of [Math.max(text.length, 1), 1, 3]) {
          const chunks: string[] = []
          for (let at = 0; at < text.length; at += size) chunks.push(text.slice(at, at + size))
          const said = parse({ dialect, tools: TOOLS, chunks })
          const heard = said.calls.map((call) => [call.name, JSON.parse(call.arguments)])
          expect(heard, `in pieces of ${size}`).to.deep.equal(calls)
          expect(said.text.trim(), `in pieces of ${size}`).to.equal(rest)
        }
      })
    }
  })
}
