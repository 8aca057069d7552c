import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { encodeMessages, sketchLosses } from './exchange.ts'
import { assistant, call, RESULT, result, system, TEXT, text, USE, user } from './messages.ts'

const tool = (...parts: Part[]): Message => ({ role: 'tool', parts })

const INTERRUPTED = (id: string) => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'The call was interrupted; there is no result.',
  is_error: true,
})

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
})

/** The hash in a mapped id is a detail. */
function maskHash(turn: object): unknown {
  return JSON.parse(JSON.stringify(turn).replace(/_[0-9a-f]{8}(?=")/g, '_HASH'))
}
