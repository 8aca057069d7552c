/** Conversations as clients send them after a crash, a compaction or a bug of their own: calls and results that do not fit. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { Message } from '../../protocols/ir/message.ts'
import type { Part } from '../../protocols/ir/part.ts'

const USER: Message = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] }
const call = (id: string): Part => ({ type: 'tool-call', id, name: 'look', arguments: '{}' })
const turn = (...parts: Part[]): Message => ({ role: 'assistant', parts })
const resultPart = (callId: string, text: string): Part => ({
  type: 'tool-result',
  callId,
  name: 'look',
  content: [{ type: 'text', text }],
})
const result = (callId: string, text = 'seen'): Message => ({ role: 'tool', parts: [resultPart(callId, text)] })

interface Row {
  readonly title: string
  readonly messages: readonly Message[]
  /** What is told of it, as `path: effect`. */
  readonly losses: readonly string[]
  /** Texts that a back end hears whatever becomes of their place. */
  readonly kept?: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    title: 'a result without its call',
    messages: [USER, result('x', 'from before'), USER],
    losses: ['messages.1.parts.0: changed'],
    kept: ['from before'],
  },
  {
    title: 'a call without its result',
    messages: [USER, turn(call('a')), USER],
    losses: ['messages.1.parts.0: changed'],
  },
  {
    title: 'a call at the end',
    messages: [USER, turn(call('a'))],
    losses: ['messages.1.parts.0: changed'],
  },
  {
    title: 'an empty turn between a call and its result, as a streamed chat of Google’s SDK keeps it',
    messages: [USER, turn(call('a')), turn({ type: 'text', text: '' }), result('a', 'of a'), USER],
    losses: [],
    kept: ['of a'],
  },
  {
    title: 'a turn that goes on before its call is answered',
    messages: [
      USER,
      turn(call('a')),
      turn({ type: 'text', text: 'Looking.' }, call('b')),
      result('a', 'A'),
      result('b', 'B'),
    ],
    losses: [],
    kept: ['Looking.', 'A', 'B'],
  },
  {
    title: 'one of two results',
    messages: [USER, turn(call('a'), call('b')), result('b', 'of b'), USER],
    losses: ['messages.1.parts.0: changed'],
    kept: ['of b'],
  },
  {
    title: 'trap 70: two results for one call',
    messages: [USER, turn(call('a')), result('a', 'the first'), result('a', 'the second'), USER],
    losses: ['messages.3.parts.0: dropped'],
    kept: ['the first'],
  },
  {
    title: 'two calls of one id',
    messages: [USER, turn(call('a'), call('a')), result('a', 'one'), result('a', 'two'), USER],
    losses: [],
    kept: ['one', 'two'],
  },
  {
    title: 'trap 67: words before the result',
    messages: [USER, turn(call('a')), USER, result('a', 'late'), USER],
    losses: [],
    kept: ['late'],
  },
  {
    title: 'a result beside words, and one after them',
    messages: [
      USER,
      turn(call('a'), call('b')),
      { role: 'user', parts: [resultPart('a', 'of a'), { type: 'text', text: 'so' }] },
      result('b', 'of b'),
    ],
    losses: [],
    kept: ['of a', 'so', 'of b'],
  },
  {
    title: 'the model speaks on after a call',
    messages: [USER, turn(call('a')), turn({ type: 'text', text: 'Well.' }), USER],
    losses: ['messages.1.parts.0: changed'],
    kept: ['Well.'],
  },
]

/** Ollama pairs by order and name, and takes what it is given. */
const STRICT = codecs.filter(({ name }) => name !== 'ollama')

describe('conversations in which calls and results do not fit', () => {
  for (const codec of STRICT) {
    const endpoint = codec.endpoints.find(({ operation }) => operation === 'chat')
    if (endpoint === undefined) throw new Error(`${codec.name} has no chat`)
    const wire = { endpoint, params: { model: 'm' }, query: new URLSearchParams(), headers: {} }

    for (const { title, messages, losses, kept = [] } of ROWS) {
      it(`trap 68: ${codec.name}: ${title}: each call has its result right behind it, and the change is told`, () => {
        const request = {
          model: 'm',
          messages,
          settings: {},
          stream: false,
          tools: [{ type: 'function', name: 'look' }],
        }
        const sent = codec.request.encode(request as Parameters<typeof codec.request.encode>[0], {})
        const text = JSON.stringify(sent.body)
        for (const one of kept) expect(text).to.contain(one)
        const told = sent.losses.filter(({ path }: Loss) => path.startsWith('messages.'))
        expect(told.map(({ path, effect }) => `${path}: ${effect}`)).to.deep.equal(losses)
        // As the API reads it, whose own decoder this is.
        checkPairs(codec.request.decode(wire, JSON.parse(text)).value.messages)
      })
    }
  }

  for (const codec of codecs.filter(({ name }) => name.startsWith('openai'))) {
    it(`losses of ${codec.name} name places as they were before calls and results were paired`, () => {
      const strange = { type: 'opaque', protocol: 'other', value: {} } as const
      const messages: readonly Message[] = [
        turn(call('a')),
        { role: 'user', parts: [resultPart('gone', 'x'), { type: 'text', text: 'so' }, strange] },
      ]
      const { losses } = codec.request.encode({ model: 'm', messages, settings: {}, stream: false }, {})
      expect(losses.filter(({ effect }) => effect === 'dropped').map(({ path }) => path)).to.deep.equal([
        'messages.1.parts.2',
      ])
    })
  }

  it('what a client of the protocol itself sent is for its back end to judge', () => {
    const [chat] = codecs
    const endpoint = chat?.endpoints[0]
    if (chat === undefined || endpoint === undefined) throw new Error('there is no codec')
    const body = { model: 'm', messages: [{ role: 'tool', tool_call_id: 'x', content: 'r' }] }
    const wire = { endpoint, params: {}, query: new URLSearchParams(), headers: {} }
    expect(chat.request.encode(chat.request.decode(wire, body).value, {})).to.deep.equal({ body, losses: [] })
  })
})

function checkPairs(messages: readonly Message[]): void {
  let open: string[] = []
  let mayAnswer = false
  for (const { role, parts } of messages) {
    for (const part of parts) {
      if (part.type === 'tool-result') {
        expect(mayAnswer, 'a result stands right behind its call').to.equal(true)
        expect(open).to.include(part.callId)
        open.splice(open.indexOf(part.callId), 1)
      } else if (part.type !== 'tool-call') {
        expect(open, 'calls without a result').to.deep.equal([])
        mayAnswer = false
      }
    }
    if (role !== 'assistant') continue
    expect(open).to.deep.equal([])
    open = parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))
    mayAnswer = true
  }
  expect(open, 'calls without a result').to.deep.equal([])
}
