import { expect } from 'chai'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { cutEvery } from '../framing/cut.ts'
import { chunkOf, DONE, decodeStream, streamOf } from './exchange.ts'

const OWN = 'openai-chat'

interface Told {
  readonly parts: readonly any[]
  readonly last: StreamEvent | undefined
  readonly usage: any
  readonly start: any
}

/** What a stream says behind the grammar: the parts of a choice with all that was said of them. */
function tell(events: readonly StreamEvent[], choice = 0): Told {
  checkLegal(events)
  const parts: any[] = []
  for (const event of events) {
    if (!('choice' in event) || event.choice !== choice) continue
    if (event.type === 'part-start') parts.push({ ...event.head })
    if (event.type !== 'part-delta') continue
    const part = parts.at(-1)
    for (const [name, value] of Object.entries(event.delta)) {
      if (name === 'citation' || name === 'logprobs') part[name] = [...(part[name] ?? []), value]
      else part[name] = name === 'text' || name === 'arguments' ? (part[name] ?? '') + value : value
    }
  }
  return {
    parts,
    last: events.at(-1),
    usage: events.find((event) => event.type === 'usage')?.usage,
    start: events.find((event) => event.type === 'start'),
  }
}

const read = (...chunks: readonly (object | string)[]) => tell(decodeStream([streamOf(...chunks)]).events)
const deltas = (...list: readonly object[]) => read(...list.map((delta) => chunkOf(delta)), DONE)
const piece = (
  index: number | undefined,
  id: string | undefined,
  name: string | undefined,
  args: string | undefined,
) => ({
  tool_calls: [
    {
      ...(index === undefined ? {} : { index }),
      ...(id === undefined ? {} : { id }),
      type: 'function',
      function: { name, arguments: args },
    },
  ],
})
const calls = (told: Told) =>
  told.parts.filter(({ type }) => type === 'tool-call').map(({ id, name, arguments: args }) => [id, name, args])

describe('text and thoughts of a stream', () => {
  it('become parts of their own, one after the other', () => {
    const { parts } = deltas(
      { role: 'assistant', content: '' },
      { reasoning_content: 'h' },
      { reasoning_content: 'm' },
      { content: 'y' },
      { content: 'es' },
    )
    expect(parts).to.deep.equal([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'yes' },
    ])
  })

  for (const member of ['reasoning_content', 'reasoning']) {
    it(`trap 95: thoughts come as ${member}`, () => {
      expect(deltas({ [member]: 'hm' }, { content: 'a' }).parts[0]).to.deep.equal({ type: 'reasoning', text: 'hm' })
    })
  }

  it('Q28: null and empty members beside others open nothing', () => {
    const { parts } = deltas(
      { content: null, reasoning_content: 'h' },
      { content: '', reasoning: 'm' },
      { content: 'a', reasoning_content: null },
    )
    expect(parts).to.deep.equal([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'a' },
    ])
  })

  it('thoughts and text in one delta are told in that order', () => {
    expect(deltas({ content: 'a', reasoning: 't' }).parts.map(({ type }) => type)).to.deep.equal(['reasoning', 'text'])
  })

  it('Q26: a text told by two members is told once', () => {
    const detail = { type: 'reasoning.text', text: 'hm', format: 'anthropic-claude-v1', index: 0 }
    expect(deltas({ reasoning: 'hm', reasoning_details: [detail] }, { content: 'a' }).parts[0]).to.deep.equal({
      type: 'reasoning',
      text: 'hm',
    })
    expect(deltas({ reasoning_details: [detail] }, { content: 'a' }).parts[0]).to.deep.equal({
      type: 'reasoning',
      text: 'hm',
    })
  })

  it('trap 86, trap 88: the signature that counts is the one that is not empty', () => {
    const detail = (text: string, signature?: string) => ({
      reasoning_details: [{ type: 'reasoning.text', text, signature, format: 'anthropic-claude-v1', index: 0 }],
    })
    const { parts } = deltas(detail('', ''), { reasoning: 'hm', ...detail('hm') }, detail('', 'S'), { content: 'a' })
    expect(parts[0]).to.deep.equal({ type: 'reasoning', text: 'hm', signature: 'S', issuer: 'anthropic' })
  })

  it('trap 86: a signature that comes with the whole thought does not repeat it', () => {
    const whole = { type: 'reasoning.text', text: 'hm', signature: 'S', format: 'anthropic-claude-v1', index: 0 }
    const { parts } = deltas(
      { reasoning_content: 'h' },
      { reasoning_content: 'm' },
      { reasoning_details: [whole] },
      { content: 'a' },
    )
    expect(parts[0]).to.deep.equal({ type: 'reasoning', text: 'hm', signature: 'S', issuer: 'anthropic' })
  })

  it('trap 89: an encrypted thought is a part of its own', () => {
    const { parts } = deltas(
      { reasoning: 'hm' },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'E', id: 'rs', format: 'xai-responses-v1' }] },
      { content: 'a' },
    )
    expect(parts).to.deep.equal([
      { type: 'reasoning', text: 'hm' },
      { type: 'reasoning', encrypted: 'E', issuer: 'xai', id: 'rs' },
      { type: 'text', text: 'a' },
    ])
  })

  it('Q26, Q27, trap 62: a think tag at the start is a thought, however it is cut', () => {
    const spread = [...'<think>\nhm</think>\nyes'].map((letter) => ({ content: letter }))
    expect(deltas(...spread).parts).to.deep.equal([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'yes' },
    ])
    expect(deltas({ content: '<think>' }, { content: 'hm' }).parts).to.deep.equal([{ type: 'reasoning', text: 'hm' }])
    expect(deltas({ content: '<th' }).parts).to.deep.equal([{ type: 'text', text: '<th' }])
  })

  it('lists of parts are read like Mistral writes them', () => {
    const thinking = [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }]
    expect(
      deltas({ content: thinking }, { content: [{ type: 'text', text: 'a' }] }, { content: 'b' }).parts,
    ).to.deep.equal([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'ab' },
    ])
  })

  it('a refusal is a part, and the end is one too', () => {
    const told = read(chunkOf({ refusal: 'no' }), chunkOf({}, { choice: { finish_reason: 'stop' } }), DONE)
    expect(told.parts).to.deep.equal([{ type: 'refusal', text: 'no' }])
    expect(told.last).to.deep.include({
      type: 'finish',
      finishes: [{ choice: 0, reason: 'refusal', original: { protocol: OWN, value: 'stop' } }],
    })
  })

  it('citations belong to the text', () => {
    const annotation = { type: 'url_citation', url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1 } }
    const [part] = deltas({ content: 'a', annotations: [annotation] }).parts
    expect(part.citation).to.deep.equal([
      { url: 'u', title: 't', start: 0, end: 1, original: { protocol: OWN, value: annotation } },
    ])
  })

  it('log probabilities come with their text, empty ones not at all', () => {
    const logprobs = { content: [{ token: 'a' }], refusal: null }
    const empty = { content: null, refusal: null }
    const told = read(
      chunkOf({ content: 'a' }, { choice: { logprobs } }),
      chunkOf({ content: 'b' }, { choice: { logprobs: empty } }),
      DONE,
    )
    expect(told.parts).to.deep.equal([{ type: 'text', text: 'ab', logprobs: [{ protocol: OWN, value: logprobs }] }])
  })

  it('what is said aloud and pictures come whole', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }
    const told = deltas(
      { audio: { id: 'audio_1', transcript: 'h' } },
      { audio: { transcript: 'i', data: 'A' } },
      { audio: { data: 'B', expires_at: 5 } },
      { images: [image] },
    )
    expect(told.parts.map(({ part }) => part.type)).to.deep.equal(['image', 'audio'])
    expect(told.parts[1].part).to.deep.include({
      source: { type: 'base64', mediaType: 'audio/*', data: 'AB' },
      transcript: 'hi',
    })
    expect(told.parts[1].part.extra.fields).to.deep.equal({ id: 'audio_1', expires_at: 5 })
  })
})

describe('calls of a stream', () => {
  const STREAMS: readonly (readonly [title: string, deltas: object[], calls: unknown[]])[] = [
    [
      'Q20: in fragments',
      [piece(0, 'a', 'f', ''), piece(0, undefined, undefined, '{"x"'), piece(0, undefined, undefined, ':1}')],
      [['a', 'f', '{"x":1}']],
    ],
    ['Q20: whole', [piece(0, 'a', 'f', '{"x":1}')], [['a', 'f', '{"x":1}']]],
    [
      'Q20: with later deltas that repeat an empty id',
      [piece(0, 'a', 'f', '{'), piece(0, '', undefined, '}'), piece(0, '', undefined, '')],
      [['a', 'f', '{}']],
    ],
    [
      'Q20: without index',
      [piece(undefined, 'a', 'f', '{}'), piece(undefined, 'b', 'g', '{}')],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    ['Q20: that begin at 1', [piece(1, 'a', 'f', ''), piece(1, undefined, undefined, '{}')], [['a', 'f', '{}']]],
    ['Q21: told twice', [piece(0, '0', 'f', ''), piece(0, '0', 'f', '{}')], [['0', 'f', '{}']]],
    [
      'Q21: without arguments at first',
      [piece(0, 'a', 'f', undefined), piece(0, undefined, undefined, '{}')],
      [['a', 'f', '{}']],
    ],
    [
      'Q22: one after the other',
      [piece(0, 'a', 'f', '{}'), piece(1, 'b', 'f', ''), piece(1, undefined, undefined, '{}')],
      [
        ['a', 'f', '{}'],
        ['b', 'f', '{}'],
      ],
    ],
    [
      'mixed',
      [
        piece(0, 'a', 'f', '{"x"'),
        piece(1, 'b', 'g', '{"y"'),
        piece(0, undefined, undefined, ':1}'),
        piece(1, undefined, undefined, ':2}'),
      ],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{"y":2}'],
      ],
    ],
    [
      'trap 30: that are all number 0',
      [piece(0, 'a', 'f', '{}'), piece(0, 'b', 'g', '{}')],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'trap 30: that are all number 0 and come in fragments',
      [
        piece(0, 'a', 'f', '{'),
        piece(0, undefined, undefined, '}'),
        piece(0, 'b', 'g', '{'),
        piece(0, undefined, undefined, '}'),
      ],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'trap 30: that go back to an earlier id',
      [piece(0, 'a', 'f', '{"x"'), piece(0, 'b', 'g', '{}'), piece(0, 'a', undefined, ':1}')],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'lesson 27: with the index -1',
      [piece(-1, 'a', 'f', '{'), piece(-1, undefined, undefined, '}')],
      [['a', 'f', '{}']],
    ],
    [
      'trap 41: whose id comes late',
      [piece(0, undefined, 'f', ''), piece(0, 'a', undefined, '{}')],
      [['a', 'f', '{}']],
    ],
    [
      'trap 41: whose name comes late',
      [piece(0, 'a', undefined, ''), piece(0, undefined, 'f', '{}')],
      [['a', 'f', '{}']],
    ],
    ['lesson 29: whose name is repeated', [piece(0, 'a', 'f', '{'), piece(0, undefined, 'f', '}')], [['a', 'f', '{}']]],
    [
      'trap 37: with empty pieces',
      [piece(0, 'a', 'f', ''), piece(0, undefined, undefined, ''), piece(0, undefined, undefined, '{}')],
      [['a', 'f', '{}']],
    ],
    ['trap 38: without arguments', [piece(0, 'a', 'f', '')], [['a', 'f', '{}']]],
    [
      'lesson 26, defect 1: whose arguments are no JSON',
      [piece(0, 'a', 'f', '{"t":"it\'s"}')],
      [['a', 'f', '{"t":"it\'s"}']],
    ],
    [
      'trap 30: without ids, each with a name of its own',
      [piece(0, undefined, 'f', '{}'), piece(0, undefined, 'g', '{}')],
      [
        ['call_x1_0', 'f', '{}'],
        ['call_x1_1', 'g', '{}'],
      ],
    ],
  ]
  for (const [title, pieces, expected] of STREAMS) {
    it(`${title} are told once each`, () => {
      const told = deltas(...pieces)
      expect(calls(told)).to.deep.equal(expected)
      expect(told.last).to.deep.include({ type: 'finish', finishes: [{ choice: 0, reason: 'tool-calls' }] })
    })
  }

  it('trap 45: arguments may be the object itself', () => {
    expect(
      calls(deltas({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }] })),
    ).to.deep.equal([['a', 'f', '{"x":1}']])
  })

  it('trap 46: custom calls stream their raw text', () => {
    const [part] = deltas(
      { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'p', input: '***' } }] },
      { tool_calls: [{ index: 0, custom: { input: ' Begin' } }] },
    ).parts
    expect(part).to.deep.equal({ type: 'tool-call', id: 'a', name: 'p', freeform: true, arguments: '*** Begin' })
  })

  it('Q31: the call of old gets an id', () => {
    const told = read(
      chunkOf({ function_call: { name: 'f', arguments: '' } }),
      chunkOf({ function_call: { arguments: '{}' } }),
      chunkOf({}, { choice: { finish_reason: 'function_call' } }),
      DONE,
    )
    expect(calls(told)).to.deep.equal([['call_x1_0', 'f', '{}']])
    expect(told.last).to.deep.include({
      finishes: [{ choice: 0, reason: 'tool-calls', original: { protocol: OWN, value: 'function_call' } }],
    })
  })

  it('trap 91: a proof that names a call is the call’s', () => {
    const told = deltas(piece(0, 'a', 'f', '{}'), {
      reasoning_details: [{ type: 'reasoning.encrypted', data: 'S', id: 'a', format: 'google-gemini-v1' }],
    })
    expect(told.parts).to.deep.equal([
      { type: 'tool-call', id: 'a', name: 'f', arguments: '{}', signature: 'S', issuer: 'gemini' },
    ])
  })

  it('lesson 30: text before and after calls stays apart from them', () => {
    const told = deltas({ content: 'a' }, piece(0, 'c', 'f', '{}'), { content: 'b' })
    expect(told.parts.map(({ type }) => type)).to.deep.equal(['text', 'tool-call', 'text'])
  })
})

describe('the frame of a stream', () => {
  const end = chunkOf({}, { choice: { finish_reason: 'stop' } })

  it('Q13: id and model are taken from the first chunk that has them', () => {
    const empty = { id: '', model: '', object: '', created: 0, choices: [], prompt_filter_results: [1] }
    const { start } = read(empty, chunkOf({ content: 'a' }), end, DONE)
    expect(start).to.deep.include({ id: 'chatcmpl-1', model: 'served', createdAt: 1_700_000_001 })
    expect(start.extra.fields).to.deep.equal({ prompt_filter_results: [1] })
  })

  it('Q13: what an empty first chunk tells is kept with what the next tells', () => {
    const empty = { id: '', model: '', choices: [], prompt_filter_results: [1] }
    const { start } = read(
      empty,
      { id: '', model: '', choices: [], region: 'eu' },
      chunkOf({ content: 'a' }),
      end,
      DONE,
    )
    expect(start.extra.fields).to.deep.equal({ prompt_filter_results: [1], region: 'eu' })
  })

  it('a stream that never tells its id tells its start once', () => {
    const empty = { id: '', model: 'm', choices: [] }
    const plain = (content: string) => ({ id: '', model: 'm', choices: [{ index: 0, delta: { content } }] })
    const { raw } = decodeStream([streamOf(empty, plain('a'), plain('b'), plain('c'), DONE)])
    expect(raw.filter(({ type }) => type === 'start')).to.deep.equal([{ type: 'start', model: 'm' }])
  })

  it('Q14: a later id changes nothing', () => {
    const { raw } = decodeStream([
      streamOf(chunkOf({ content: 'a' }), chunkOf({ content: 'b' }, { chunk: { id: 'other' } }), DONE),
    ])
    expect(raw.filter(({ type }) => type === 'start')).to.have.length(1)
  })

  it('Q5: random letters against eavesdroppers are no loss', () => {
    const { decoder } = decodeStream([
      streamOf(chunkOf({ content: 'a' }, { chunk: { obfuscation: 'xyz', p: 'abc' } }), end, DONE),
    ])
    expect(decoder.losses).to.deep.equal([])
  })

  it('what single chunks tell beyond is reported once, by its name', () => {
    const odd = chunkOf({ content: 'a', channel: 'x' }, { chunk: { x_groq: {} }, choice: { mood: 1 } })
    const { decoder } = decodeStream([streamOf(chunkOf({ content: 'a' }), odd, odd, end, DONE)])
    expect(decoder.losses.map(({ path }) => path)).to.have.members([
      'stream.x_groq',
      'stream.delta.channel',
      'stream.choice.mood',
    ])
  })

  const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }
  const COUNTED: readonly (readonly [title: string, chunks: object[]])[] = [
    [
      'Q9, trap 104: in a chunk without choices',
      [chunkOf({ content: 'a' }, { chunk: { usage: null } }), end, { ...chunkOf({}), choices: [], usage }],
    ],
    [
      'Q10: beside the reason',
      [chunkOf({ content: 'a' }), chunkOf({}, { choice: { finish_reason: 'stop' }, chunk: { usage } })],
    ],
    [
      'Q10, trap 103: after the reason, beside an empty delta',
      [chunkOf({ content: 'a' }), end, chunkOf({ role: 'assistant', content: '' }, { chunk: { usage } })],
    ],
    [
      'Q11: in every chunk, the last counts',
      [
        chunkOf({ content: 'a' }, { chunk: { usage: { ...usage, completion_tokens: 1, total_tokens: 6 } } }),
        chunkOf({}, { choice: { finish_reason: 'stop' }, chunk: { usage } }),
      ],
    ],
    [
      'Q12: in an object of Groq’s',
      [chunkOf({ content: 'a' }), chunkOf({}, { choice: { finish_reason: 'stop' }, chunk: { x_groq: { usage } } })],
    ],
    ['defect 15: in a chunk of nothing else', [chunkOf({ content: 'a' }), end, { usage }]],
  ]
  for (const [title, chunks] of COUNTED) {
    it(`counters come ${title}`, () => {
      const told = read(...chunks, DONE)
      expect(told.usage).to.deep.equal({ inputTokens: 5, outputTokens: 2 })
      expect(told.parts).to.deep.equal([{ type: 'text', text: 'a' }])
      expect(told.last).to.deep.include({ finishes: [{ choice: 0, reason: 'stop' }] })
    })
  }

  it('Q29: thoughts beside the output are added as the facts have it', () => {
    const counters = { prompt_tokens: 5, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 3 } }
    const bytes = streamOf(chunkOf({ content: 'a' }, { chunk: { usage: counters } }), end, DONE)
    expect(tell(decodeStream([bytes], { countsReasoningAsOutput: false }).events).usage.outputTokens).to.equal(5)
  })

  it('Q3, trap 14: no end mark is needed', () =>
    expect(read(chunkOf({ content: 'a' }), end).last).to.have.property('type', 'finish'))

  it('Q16, Q18, trap 13: no reason is needed', () => {
    const plain = { id: 'x', model: 'm', choices: [{ index: 0, delta: { content: 'a' } }] }
    expect(read(plain, DONE).last).to.deep.include({ finishes: [{ choice: 0, reason: 'stop' }] })
    expect(deltas(piece(0, 'a', 'f', '{}')).last).to.deep.include({ finishes: [{ choice: 0, reason: 'tool-calls' }] })
  })

  it('Q17: the chunk with the reason may say something still', () => {
    expect(read(chunkOf({ content: 'a' }, { choice: { finish_reason: 'length' } }), DONE).parts).to.deep.equal([
      { type: 'text', text: 'a' },
    ])
  })

  it('Q10: the first reason counts, later nulls and reasons do not', () => {
    const reason = (finish_reason: string | null) => chunkOf({}, { choice: { finish_reason } })
    const told = read(chunkOf({ content: 'a' }), reason('length'), reason(null), reason('stop'), DONE)
    expect(told.last).to.deep.include({ finishes: [{ choice: 0, reason: 'length' }] })
  })

  it('trap 15, F62: nothing counts after the end mark', () => {
    const { decoder, events } = decodeStream([
      streamOf(chunkOf({ content: 'a' }), end, DONE, chunkOf({ content: 'b' }), DONE),
    ])
    expect(decoder.done).to.equal(true)
    expect(tell(events).parts).to.deep.equal([{ type: 'text', text: 'a' }])
  })

  it('trap 19: the last event needs no blank line', () => {
    expect(read(chunkOf({ content: 'a' }), `data: ${JSON.stringify(end)}`).last).to.deep.include({
      finishes: [{ choice: 0, reason: 'stop' }],
    })
  })

  it('Q1, Q2, trap 3, trap 4: comments, CRLF and no blank behind the colon change nothing', () => {
    const text = `: PROCESSING\r\n\r\ndata:${JSON.stringify(chunkOf({ content: 'a' }))}\r\n: ping\r\n\r\ndata:${JSON.stringify(end)}\r\n\r\ndata:[DONE]\r\n\r\n`
    expect(read(text).parts).to.deep.equal([{ type: 'text', text: 'a' }])
    const bytes = new TextEncoder().encode(text)
    expect(decodeStream(cutEvery(bytes, 1)).raw).to.deep.equal(decodeStream([bytes]).raw)
  })

  it('Q22, trap 128: candidates that come mixed stay apart', () => {
    const at = (index: number, content: string, finish_reason: string | null = null) =>
      chunkOf({ content }, { choice: { index, finish_reason } })
    const { events } = decodeStream([streamOf(at(0, 'a'), at(1, 'x'), at(0, 'b', 'stop'), at(1, 'y', 'length'), DONE)])
    expect(tell(events, 0).parts).to.deep.equal([{ type: 'text', text: 'ab' }])
    expect(tell(events, 1).parts).to.deep.equal([{ type: 'text', text: 'xy' }])
    expect(events.at(-1)).to.deep.include({
      finishes: [
        { choice: 0, reason: 'stop' },
        { choice: 1, reason: 'length' },
      ],
    })
  })

  it('what the vendor tells with the reason goes with it', () => {
    const told = read(
      chunkOf({ content: 'a' }),
      chunkOf({}, { choice: { finish_reason: 'stop', native_finish_reason: 'end_turn' } }),
      DONE,
    )
    expect((told.last as any).extra.fields).to.deep.equal({ native_finish_reason: 'end_turn' })
  })
})

describe('a stream that goes wrong', () => {
  const text = chunkOf({ content: 'a' })
  const ERRORS: readonly (readonly [title: string, event: object | string, kind: string, message: string])[] = [
    [
      'Q40: beside choices',
      chunkOf({ content: '' }, { chunk: { error: { code: 400, message: 'Token limit reached' } } }),
      'bad-request',
      'Token limit reached',
    ],
    [
      'Q40: as an event of its own',
      'event: error\ndata: {"error":{"message":"bad","status_code":429}}\n\n',
      'rate-limited',
      'bad',
    ],
    [
      'Q40: as a field that the standard does not know',
      'error: {"detail":"d","error":{"message":"failed to decode"}}\n\n',
      'upstream-failed',
      'failed to decode',
    ],
    ['trap 10: as an object', { error: { message: 'boom', type: 'overloaded_error' } }, 'overloaded', 'boom'],
    ['in words', { error: 'boom' }, 'upstream-failed', 'boom'],
    [
      'beside the end of a choice, as OpenRouter does',
      { choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { code: 429, message: 'boom' } }] },
      'rate-limited',
      'boom',
    ],
    ['an event of words', 'event: error\ndata: boom\n\n', 'upstream-failed', 'boom'],
    [
      'trap 154: a prompt that is too long',
      { error: { message: 'x', code: 'context_length_exceeded' } },
      'context-overflow',
      'x',
    ],
  ]
  for (const [title, event, kind, message] of ERRORS) {
    it(`tells its error once: ${title}`, () => {
      const { raw, events, decoder } = decodeStream([streamOf(text, event, event, text, DONE)])
      expect(decoder.done).to.equal(true)
      expect(raw.filter(({ type }) => type === 'error')).to.have.length(1)
      expect(events.at(-1)).to.deep.include({ type: 'error' })
      expect((events.at(-1) as any).error).to.include({ kind, message, source: 'provider' })
      expect(tell(events).parts).to.deep.equal([{ type: 'text', text: 'a' }])
    })
  }

  it('tells the counters that come with its error', () => {
    const broken = chunkOf(
      {},
      { chunk: { error: { message: 'x' }, usage: { prompt_tokens: 4, completion_tokens: 1 } } },
    )
    expect(read(text, broken).usage).to.deep.equal({ inputTokens: 4, outputTokens: 1 })
  })

  it('but an error that is null is none', () => {
    expect(read(chunkOf({ content: 'a' }, { chunk: { error: null } }), DONE).last).to.have.property('type', 'finish')
  })

  const STRANGE = [
    'data: \n\n',
    'data: {"x\n\n',
    'data: null\n\n',
    'data: 5\n\n',
    'data: {}\n\n',
    'data: {"choices":5}\n\n',
  ]
  for (const event of STRANGE) {
    it(`trap 18, F65: skips and reports ${JSON.stringify(event)}`, () => {
      const { events, decoder } = decodeStream([streamOf(text, event, chunkOf({ content: 'b' }), DONE)])
      expect(tell(events).parts).to.deep.equal([{ type: 'text', text: 'ab' }])
      expect(decoder.losses.map(({ path }) => path)).to.deep.equal(['stream'])
    })
  }

  it('F65: ends after more than ten of them in a row, and not before', () => {
    const ten = Array.from({ length: 10 }, () => 'data: ?\n\n')
    expect(read(text, ...ten, text, ...ten, DONE).last).to.have.property('type', 'finish')
    expect(read(text, ...ten, 'data: ?\n\n', DONE).last).to.deep.include({ type: 'error' })
  })

  it('a chunk with something wrong inside is skipped like one that is no JSON', () => {
    const wrong = chunkOf({ reasoning_details: [5] })
    const { events, decoder } = decodeStream([streamOf(text, wrong, DONE)])
    expect(tell(events).last).to.have.property('type', 'finish')
    expect(decoder.losses).to.have.length(1)
  })

  it('F66: an event beyond all limits ends it', () => {
    const { events } = decodeStream([
      streamOf(text),
      ...Array.from({ length: 65 }, () => new Uint8Array(1024 * 1024).fill(120)),
    ])
    expect(events.at(-1)).to.deep.include({ type: 'error' })
    expect((events.at(-1) as any).error).to.include({ kind: 'upstream-failed', source: 'provider' })
  })

  it('F72, trap 12: nothing at all is an error of the provider', () => {
    for (const chunks of [[DONE], [chunkOf({ role: 'assistant', content: '' }), DONE], []]) {
      expect(read(...chunks).last).to.deep.include({ type: 'error' })
    }
  })
})
