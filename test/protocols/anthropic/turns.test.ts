import { expect } from 'chai'
import fc from 'fast-check'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { decodeWith, encodeMessages, sendOn, sketchLosses } from './exchange.ts'

const text = (value: string): Part => ({ type: 'text', text: value })
const call = (id: string, name = 'f', args = '{}'): Part => ({ type: 'tool-call', id, name, arguments: args })
const result = (callId: string, value = 'ok'): Part => ({
  type: 'tool-result',
  callId,
  content: [text(value) as never],
})
const user = (...parts: Part[]): Message => ({ role: 'user', parts })
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts })
const tool = (...parts: Part[]): Message => ({ role: 'tool', parts })
const system = (value: string): Message => ({ role: 'system', parts: [text(value)] })

const USE = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} })
const RESULT = (id: string, content = 'ok') => ({ type: 'tool_result', tool_use_id: id, content })
const INTERRUPTED = (id: string) => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'The call was interrupted; there is no result.',
  is_error: true,
})
const TEXT = (value: string) => ({ type: 'text', text: value })

interface Row {
  readonly title: string
  readonly messages: readonly Message[]
  readonly system?: unknown
  readonly expected: readonly object[]
  readonly losses?: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    title: 'one text is written as a string',
    messages: [user(text('Hi'))],
    expected: [{ role: 'user', content: 'Hi' }],
  },
  {
    title: 'trap 76: leading system and developer texts are hoisted together',
    messages: [system('a'), { role: 'developer', parts: [text('b')] }, user(text('Hi'))],
    system: [TEXT('a'), TEXT('b')],
    expected: [{ role: 'user', content: 'Hi' }],
  },
  {
    title: 'one system text is a string',
    messages: [system('a'), user(text('Hi'))],
    system: 'a',
    expected: [{ role: 'user', content: 'Hi' }],
  },
  {
    title: 'trap 79: a marked system text stays a block',
    messages: [{ role: 'system', parts: [{ type: 'text', text: 'a', cache: {} }] }, user(text('Hi'))],
    system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }],
    expected: [{ role: 'user', content: 'Hi' }],
  },
  {
    title: 'an empty system text is none',
    messages: [system(' '), user(text('Hi'))],
    expected: [{ role: 'user', content: 'Hi' }],
  },
  {
    title: 'a picture in system text has no place',
    messages: [
      { role: 'system', parts: [text('a'), { type: 'image', source: { type: 'url', url: 'u' } }] },
      user(text('Hi')),
    ],
    system: 'a',
    expected: [{ role: 'user', content: 'Hi' }],
    losses: ['messages.0.parts.1: dropped'],
  },
  {
    title: 'trap 76: a later system text is user text in its place',
    messages: [user(text('a')), assistant(text('b')), system('c'), user(text('d'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: [TEXT('c'), TEXT('d')] },
    ],
    losses: ['messages.2: changed'],
  },
  {
    title: 'trap 78: a request of system text alone gets a user turn',
    messages: [system('Tell a joke.')],
    system: 'Tell a joke.',
    expected: [{ role: 'user', content: 'Begin.' }],
    losses: ['messages: changed'],
  },
  {
    title: 'a conversation that the assistant begins gets a user turn before it',
    messages: [assistant(text('Hi!')), user(text('Hi'))],
    expected: [
      { role: 'user', content: 'Begin.' },
      { role: 'assistant', content: 'Hi!' },
      { role: 'user', content: 'Hi' },
    ],
    losses: ['messages: changed'],
  },
  {
    title: 'trap 75, lesson 32, K64: turns of one speaker are one turn',
    messages: [user(text('a')), user(text('b')), user(text('c')), assistant(text('d')), assistant(text('e'))],
    expected: [
      { role: 'user', content: [TEXT('a'), TEXT('b'), TEXT('c')] },
      { role: 'assistant', content: [TEXT('d'), TEXT('e')] },
    ],
  },
  {
    title: 'trap 84: what the assistant has begun to say is passed on',
    messages: [user(text('a')), assistant(text('{'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '{' },
    ],
  },
  {
    title: 'trap 73, lesson 33: empty text has no block, and an empty turn is none',
    messages: [user(text('a'), text(' \n')), assistant(text('')), user(text('b'))],
    expected: [{ role: 'user', content: [TEXT('a'), TEXT('b')] }],
  },
  {
    title: 'trap 73: no mark is put on empty text',
    messages: [user(text('a'), { type: 'text', text: '', cache: {} })],
    expected: [{ role: 'user', content: 'a' }],
    losses: ['messages.0.parts.1.cache: dropped'],
  },
  {
    title: 'trap 74: a call without words is a call alone',
    messages: [user(text('a')), assistant(text(''), call('c1')), tool(result('c1'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('c1')] },
      { role: 'user', content: [RESULT('c1')] },
    ],
  },
  {
    title: 'trap 66: the results of all calls are one user turn',
    messages: [user(text('a')), assistant(call('c1'), call('c2')), tool(result('c1', 'x')), tool(result('c2', 'y'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('c1'), USE('c2')] },
      { role: 'user', content: [RESULT('c1', 'x'), RESULT('c2', 'y')] },
    ],
  },
  {
    title: 'trap 67: words between calls and results come after the results',
    messages: [user(text('a')), assistant(call('c1')), user(text('wait')), tool(result('c1'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('c1')] },
      { role: 'user', content: [RESULT('c1'), TEXT('wait')] },
    ],
  },
  {
    title: 'trap 68, lesson 31: a call without a result is told as interrupted',
    messages: [user(text('a')), assistant(call('c1'), call('c2')), tool(result('c2')), user(text('go on'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('c1'), USE('c2')] },
      { role: 'user', content: [RESULT('c2'), INTERRUPTED('c1'), TEXT('go on')] },
    ],
    losses: ['messages.1.parts.0: changed'],
  },
  {
    title: 'trap 68: also where the model went on by itself, and at the very end',
    messages: [user(text('a')), assistant(call('c1')), system('x'), assistant(call('c2'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('c1')] },
      { role: 'user', content: [INTERRUPTED('c1'), TEXT('x')] },
      { role: 'assistant', content: [USE('c2')] },
      { role: 'user', content: [INTERRUPTED('c2')] },
    ],
    losses: ['messages.2: changed', 'messages.1.parts.0: changed', 'messages.3.parts.0: changed'],
  },
  {
    title: 'trap 69: an interrupted turn keeps its signed thinking',
    messages: [
      user(text('a')),
      assistant({ type: 'reasoning', text: 'hm', signature: 's', issuer: 'anthropic' }, call('c1')),
      user(text('stop')),
    ],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: 's' }, USE('c1')] },
      { role: 'user', content: [INTERRUPTED('c1'), TEXT('stop')] },
    ],
    losses: ['messages.1.parts.1: changed'],
  },
  {
    title: 'trap 68: a result whose call is gone is told as text',
    messages: [user(text('a')), assistant(text('b')), tool(result('gone', '42'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'Result of an earlier tool call: 42' },
    ],
    losses: ['messages.2.parts.0: changed'],
  },
  {
    title: 'a picture in such a result is kept beside its text',
    messages: [
      user(text('a')),
      tool({
        type: 'tool-result',
        callId: 'gone',
        content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
      }),
    ],
    expected: [
      {
        role: 'user',
        content: [
          TEXT('a'),
          TEXT('Result of an earlier tool call:'),
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        ],
      },
    ],
    losses: ['messages.1.parts.0: changed'],
  },
  {
    title: 'trap 70: of two results for one call the first counts',
    messages: [user(text('a')), assistant(call('c1')), tool(result('c1', 'x')), tool(result('c1', 'y'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('c1')] },
      { role: 'user', content: [RESULT('c1', 'x')] },
    ],
    losses: ['messages.3.parts.0: dropped'],
  },
  {
    title: 'Q23: ids that come again are told apart, with their results',
    messages: [
      user(text('a')),
      assistant(call('0')),
      tool(result('0', 'x')),
      assistant(call('0')),
      tool(result('0', 'y')),
    ],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('0')] },
      { role: 'user', content: [RESULT('0', 'x')] },
      { role: 'assistant', content: [USE('0_2')] },
      { role: 'user', content: [RESULT('0_2', 'y')] },
    ],
  },
  {
    title: 'Q23: two calls of one id in one turn take their results in order',
    messages: [user(text('a')), assistant(call('0'), call('0')), tool(result('0', 'x')), tool(result('0', 'y'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('0'), USE('0_2')] },
      { role: 'user', content: [RESULT('0', 'x'), RESULT('0_2', 'y')] },
    ],
  },
  {
    title: 'trap 42: ids outside the alphabet are mapped, with their results',
    messages: [user(text('a')), assistant(call('llm_version:0')), tool(result('llm_version:0'))],
    expected: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [USE('llm_version_0_0a0fd7ac')] },
      { role: 'user', content: [RESULT('llm_version_0_0a0fd7ac')] },
    ],
  },
  {
    title: 'a field of another protocol on a message is reported',
    messages: [{ ...user(text('a')), extra: { protocol: 'openai-chat', fields: { name: 'Ann' } } }],
    expected: [{ role: 'user', content: 'a' }],
    losses: ['messages.0.name: dropped'],
  },
]

describe('anthropic: turns', () => {
  for (const { title, messages, system: expectedSystem, expected, losses } of ROWS) {
    it(title, () => {
      const written = encodeMessages(messages)
      expect(written.messages.map(maskHash)).to.deep.equal(expected.map(maskHash))
      expect(written.system).to.deep.equal(expectedSystem)
      expect(sketchLosses(written.losses)).to.deep.equal(losses ?? [])
    })
  }

  it('trap 43: an id is mapped to the same id every time', () => {
    const once = () => encodeMessages([user(text('a')), assistant(call('x:y')), tool(result('x:y'))]).messages
    expect(once()).to.deep.equal(once())
    const other = encodeMessages([user(text('a')), assistant(call('x.y')), tool(result('x.y'))]).messages
    expect(other).to.not.deep.equal(once())
  })

  describe('of a client of this protocol', () => {
    const AS_IT_IS: readonly (readonly [title: string, messages: readonly object[]])[] = [
      [
        'two user turns in a row',
        [
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
        ],
      ],
      ['words before a result', [{ role: 'user', content: [TEXT('a'), RESULT('c1')] }]],
      [
        'a call without a result',
        [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [USE('c1')] },
        ],
      ],
      ['a result without a call', [{ role: 'user', content: [RESULT('gone')] }]],
      ['an empty text', [{ role: 'user', content: [TEXT('')] }]],
      [
        'no blocks at all',
        [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [] },
        ],
      ],
      [
        'an id outside the alphabet',
        [
          { role: 'assistant', content: [USE('a:b')] },
          { role: 'user', content: [RESULT('a:b')] },
        ],
      ],
      [
        'K15: system text at the end',
        [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'b' },
        ],
      ],
      [
        'a failed tool that said nothing',
        [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', is_error: true }] }],
      ],
    ]
    for (const [title, messages] of AS_IT_IS) {
      it(`${title} goes as it came`, () => {
        const { body, losses } = sendOn({ messages })
        expect(body.messages).to.deep.equal(messages)
        expect(losses).to.deep.equal([])
      })
    }

    it('a message that the gateway adds is joined to its neighbour, and results stay first', () => {
      const request = decodeWith({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [USE('c1')] },
          { role: 'user', content: [RESULT('c1')] },
        ],
      })
      const { body } = anthropic.request.encode(
        { ...request, messages: [...request.messages, user(text('be brief'))] },
        {},
      )
      expect((body.messages as object[])[2]).to.deep.equal({ role: 'user', content: [RESULT('c1'), TEXT('be brief')] })
    })
    it('system text that the gateway adds is joined to its own', () => {
      const request = decodeWith({ system: 'a' })
      const { body } = anthropic.request.encode({ ...request, messages: [system('first'), ...request.messages] }, {})
      expect(body.system).to.deep.equal([TEXT('first'), TEXT('a')])
    })
    it('K19, trap 88: thinking without a proof is left out', () => {
      const { body, losses } = sendOn({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: '' }, TEXT('b')] },
        ],
      })
      expect(body.messages[1].content).to.deep.equal([TEXT('b')])
      expect(sketchLosses(losses)).to.deep.equal(['messages.1.parts.0: dropped'])
    })
    it('a turn of nothing but such thinking is left out whole', () => {
      const { body } = sendOn({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: '' }] },
          { role: 'user', content: 'b' },
        ],
      })
      expect(body.messages.map((one: { content: string }) => one.content)).to.deep.equal(['a', 'b'])
    })
  })

  it('whatever a foreign conversation is, the turns alternate and each call has one result in the next turn', () => {
    const id = fc.constantFrom('a', 'b', 'c:d')
    const part = fc.oneof(
      fc.string().map(text),
      id.map((one) => call(one)),
      id.map((one) => result(one)),
    )
    const message = fc.record({
      role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool') as fc.Arbitrary<Message['role']>,
      parts: fc.array(part, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        // Each kind of part stands where it can: calls with the assistant, results with the others.
        const sane = messages.map((one) => ({
          ...one,
          parts: one.parts.filter((p) => p.type === 'text' || (p.type === 'tool-call') === (one.role === 'assistant')),
        }))
        checkTurns(encodeMessages(sane).messages)
      }),
      { numRuns: 300 },
    )
  })
})

/** The rules of the API, written down a second time. */
function checkTurns(turns: readonly any[]): void {
  const used = new Set<string>()
  expect(turns[0]?.role).to.equal('user')
  for (const [index, turn] of turns.entries()) {
    const blocks: any[] = typeof turn.content === 'string' ? [TEXT(turn.content)] : turn.content
    expect(blocks.length, 'a turn has content').to.be.greaterThan(0)
    expect(turn.role).to.not.equal(turns[index - 1]?.role)
    for (const block of blocks) if (block.type === 'text') expect(block.text.trim()).to.not.equal('')
    const calls = blocks.filter((block) => block.type === 'tool_use').map((block) => block.id)
    for (const id of calls) {
      expect(id).to.match(/^[a-zA-Z0-9_-]+$/)
      expect(used.has(id)).to.equal(false)
      used.add(id)
    }
    const next = turns[index + 1]?.content
    const results = Array.isArray(next) ? next.filter((block: any) => block.type === 'tool_result') : []
    if (turn.role === 'assistant') {
      expect(results.map((block: any) => block.tool_use_id).sort()).to.deep.equal([...calls].sort())
    }
    const firstOther = blocks.findIndex((block) => block.type !== 'tool_result')
    const isOrdered = firstOther < 0 || blocks.slice(firstOther).every((block) => block.type !== 'tool_result')
    expect(isOrdered, 'results come first').to.equal(true)
  }
}

/** The hash in a mapped id is a detail. */
function maskHash(turn: object): unknown {
  return JSON.parse(JSON.stringify(turn).replace(/_[0-9a-f]{8}(?=")/g, '_HASH'))
}
