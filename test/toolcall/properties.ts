/** What holds for every answer that a model can write, as properties; the tests try some answers, `npm run toolcall-fuzz` a million. */

import { expect } from 'chai'
import fc from 'fast-check'
import type { Tool } from '../../protocols/ir/tool.ts'
import { DIALECT_NAMES, type DialectName } from '../../src/compat/dialect-name.ts'
import { type Heard, hear } from './hear.ts'
import { UNMARKED, WRITE_FILE, WRITERS } from './samples.ts'

const TOOLS: readonly Tool[] = [
  { type: 'function', ...WRITE_FILE },
  { type: 'function', name: 'ping' },
]

/** Marks and their neighbours, whole and broken. */
const FRAGMENTS = [
  ...Object.values(WRITERS).map((write) => write({ path: 'a', content: 'b', mode: 1 })),
  ...'<>/|｜{}[]()"\'`~:;,.=\\\n \tabcé😀&'.split(/(?=[\s\S])/u),
  ...[
    '<tool_call>',
    '</tool_call>',
    '<function=ping>',
    '</function>',
    '<parameter=path>',
    '</parameter>',
    '<think>',
    '</think>',
  ],
  ...[
    '[TOOL_CALLS]',
    '[ARGS]',
    '<|im_end|>',
    '</s>',
    '```',
    '```json\n',
    '```tool_call\n',
    '\n```\n',
    '~~~',
    '<write_file>',
  ],
  ...[
    '<｜tool▁calls▁begin｜>',
    '<｜tool▁sep｜>',
    '<｜DSML｜invoke name="ping">',
    '<|tool_call>call:ping{',
    '<|"|>',
    '<escape>',
  ],
  ...[
    '<|channel|>analysis<|message|>',
    '<|start|>assistant',
    'commentary to=functions.ping json{',
    '<|end|>',
    'functools[',
  ],
  ...[
    '{"name": "ping", "arguments": {',
    '"path": "',
    '}}',
    '"}',
    'ping()',
    '[ping(',
    'write_file(path="',
    '<arg_key>path</arg_key>',
  ],
  ...[
    '<tool_response>',
    '<invoke name="ping">',
    '<cs:tool_use><name>ping</name>',
    '<arg name="path">',
    '&amp;',
    '<![CDATA[',
    ']]>',
  ],
  ...['True', 'None', '007', '-1.5e3', '\\u00e9', '\\ud83d', '//', '/*', '#', '\r\n', '\ud83d', 'prose about nothing'],
]

const dialects = fc.constantFrom(...DIALECT_NAMES)
const fragment = fc.constantFrom(...FRAGMENTS)
/** Deeper and longer than anything is meant to be. */
const repeated = fc.tuple(fragment, fc.integer({ min: 2, max: 300 })).map(([text, times]) => text.repeat(times))
const noise = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: fragment },
    { weight: 30, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: repeated },
  ),
  { maxLength: 14 },
)

/** Prose without anything that could be a mark. */
const prose = fc
  .array(fc.constantFrom('Hello', 'it is 5 > 3', 'a, b; c.', 'na\u00efve \u{1f600}', 'x = f(y)', '"quoted"', "it's"), {
    maxLength: 6,
  })
  .map((words) => words.join(' '))

/** What a file may hold that is no mark of any dialect. */
const content = fc
  .array(
    fc.constantFrom(
      'const a = 1',
      ' && b < c',
      '<b>bold</b>',
      '\n\n',
      '  x',
      '"',
      "'",
      '{"k": [1]}',
      'é\u{1f600}',
      '#',
      ', ',
      ')',
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((pieces) => `(${pieces.join('')})`)

function listen(dialect: DialectName, chunks: readonly string[]): Heard {
  return hear({ dialect, tools: TOOLS }, chunks)
}

function cut(text: string, sizes: readonly number[]): string[] {
  const chunks: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(text.slice(at, at + size))
    at += size
  }
  return chunks
}

function said({ calls, text, reasoning, listener }: Heard): unknown {
  return { calls, text, reasoning, tally: listener.tally }
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 })

/** Each throws where it does not hold; title to property. */
export const PROPERTIES = {
  'nothing throws, nothing is lost, nothing is invented, arguments are JSON, and cuts do not matter': fc.property(
    dialects,
    noise,
    sizes,
    (dialect, fragments, pieces) => {
      const text = fragments.join('')
      const whole = listen(dialect, [text])
      const { tally } = whole.listener
      expect(tally.text + tally.reasoning + tally.calls + tally.control + tally.cut).to.equal(text.length)
      expect(tally.text).to.equal(whole.text.length)
      expect(isPicked(whole.text, text), 'text that nobody wrote').to.equal(true)
      for (const call of whole.calls) JSON.parse(call.arguments)
      expect(said(listen(dialect, cut(text, pieces)))).to.deep.equal(said(whole))
    },
  ),
  'prose comes out as it went in, no piece later than it must': fc.property(
    dialects,
    prose,
    sizes,
    (dialect, text, pieces) => {
      const chunks = cut(text, pieces)
      const heard = listen(dialect, chunks)
      expect(heard.text).to.equal(text)
      expect(heard.calls).to.deep.equal([])
      let length = 0
      for (const [index, chunk] of chunks.entries()) {
        length += chunk.length
        expect(length - (heard.textAfter[index] ?? 0)).to.be.at.most(LONGEST_MARK)
      }
    },
  ),
  'a call that was written well is heard exactly, and no tag of it leaks': fc.property(
    dialects,
    prose,
    content,
    fc.integer(),
    sizes,
    (dialect, before, written, mode, pieces) => {
      const call = { path: 'src/\u00e9.ts', content: written, mode }
      const after = UNMARKED.has(dialect) ? '' : '\nThat is it.'
      const text = `${before}\n${WRITERS[dialect](call)}${after}`
      const heard = listen(dialect, cut(text, pieces))
      expect(heard.calls.map(({ name, arguments: args }) => [name, JSON.parse(args)])).to.deep.equal([
        ['write_file', call],
      ])
      // The line break behind a fence is part of it.
      expect(collapse(heard.text)).to.equal(collapse(`${before}\n${after}`))
    },
  ),
}

/** The longest mark that a text may be the beginning of: `assistantcommentary to=functions.` */
const LONGEST_MARK = 33

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Whether one text is another one with something left out. */
function isPicked(picked: string, from: string): boolean {
  let at = 0
  for (let index = 0; index < picked.length; index++, at++) {
    at = from.indexOf(picked.charAt(index), at)
    if (at < 0) return false
  }
  return true
}
