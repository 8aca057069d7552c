import { expect } from 'chai'
import { chunkOf, DONE } from './exchange.ts'
import { deltas, piece, read, type Told } from './tell-stream.ts'

const OWN = 'openai-chat'

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
