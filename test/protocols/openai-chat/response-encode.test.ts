import { expect } from 'chai'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import { decodeWith, encodeAnswer, encodeParts, partsOf, sketchLosses } from './exchange.ts'

const OWN = 'openai-chat'

describe('an answer is written', () => {
  const text = (words: string): Part => ({ type: 'text', text: words })
  const call = (id: string, name = 'f'): Part => ({ type: 'tool-call', id, name, arguments: '{}' })

  it('with its own id and time where they are usable, with ours where not', () => {
    const choices = [{ index: 0, parts: [text('a')], finish: { reason: 'stop' as const } }]
    const own = encodeAnswer({ id: 'gen-1.a:b', createdAt: 5.7, choices }).body
    expect(own).to.include({ id: 'gen-1.a:b', created: 5, model: 'asked', object: 'chat.completion' })
    for (const id of ['', 'a b', 'é', 'x'.repeat(300)]) {
      expect(encodeAnswer({ id, choices }).body).to.include({ id: 'chatcmpl-x1', created: 1_700_000_000 })
    }
  })

  const MESSAGES: readonly (readonly [title: string, parts: Part[], message: object, losses?: string[]])[] = [
    ['a text', [text('a'), text('b')], { content: 'ab', refusal: null }],
    ['nothing', [], { content: '', refusal: null }],
    [
      'trap 54: calls beside null',
      [call('c')],
      {
        content: null,
        refusal: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    ],
    [
      'trap 46: a custom call',
      [{ type: 'tool-call', id: 'c', name: 'p', arguments: 'raw', freeform: true }],
      { content: null, refusal: null, tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'p', input: 'raw' } }] },
    ],
    ['a refusal', [{ type: 'refusal', text: 'no' }], { content: null, refusal: 'no' }],
    [
      'trap 95: a thought',
      [{ type: 'reasoning', text: 't' }, text('a')],
      { content: 'a', refusal: null, reasoning_content: 't' },
    ],
    [
      'trap 86: a signed thought, so that it can come back',
      [{ type: 'reasoning', text: 't', signature: 'S', issuer: 'anthropic' }, text('a')],
      {
        content: 'a',
        refusal: null,
        reasoning_content: 't',
        reasoning_details: [
          { type: 'reasoning.text', text: 't', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
        ],
      },
    ],
    [
      'trap 89: an encrypted thought, so that it can come back',
      [{ type: 'reasoning', text: '', encrypted: 'E', issuer: 'anthropic' }, text('a')],
      {
        content: 'a',
        refusal: null,
        reasoning_details: [{ type: 'reasoning.encrypted', data: 'E', format: 'anthropic-claude-v1', index: 0 }],
      },
    ],
    [
      'trap 91: a call with its proof',
      [{ type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'S', issuer: 'gemini' }],
      {
        content: null,
        refusal: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        reasoning_details: [{ type: 'reasoning.encrypted', data: 'S', id: 'c', format: 'google-gemini-v1' }],
      },
    ],
    [
      'a picture',
      [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' } }],
      { content: '', refusal: null, images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] },
    ],
    [
      'what was said aloud',
      [{ type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA' }, transcript: 'hi' }],
      {
        content: null,
        refusal: null,
        audio: { id: 'audio-chatcmpl-x1', data: 'AA', transcript: 'hi', expires_at: 1_700_003_600 },
      },
    ],
    [
      'a file',
      [text('a'), { type: 'file', source: { type: 'url', url: 'u' } }],
      { content: 'a', refusal: null },
      ['choices.0.parts.1: dropped'],
    ],
    [
      'a block of another protocol',
      [text('a'), { type: 'opaque', protocol: 'other', value: {} }],
      { content: 'a', refusal: null },
      ['choices.0.parts.1: dropped'],
    ],
    [
      'a signed text',
      [{ type: 'text', text: 'a', signature: 'S' }],
      { content: 'a', refusal: null },
      ['choices.0.parts.0.signature: dropped'],
    ],
    [
      'a result of a tool',
      [text('a'), { type: 'tool-result', callId: 'c', content: [] }],
      { content: 'a', refusal: null },
      ['choices.0.parts.1: dropped'],
    ],
  ]
  for (const [title, parts, message, losses = []] of MESSAGES) {
    it(title, () => {
      const sent = encodeParts(parts)
      expect(sent.message).to.deep.equal({ role: 'assistant', ...message })
      expect(sketchLosses(sent.losses)).to.deep.equal(losses)
    })
  }

  it('trap 86, trap 89: a proof that was written comes back as it was, with its issuer', () => {
    const parts: Part[] = [
      { type: 'reasoning', text: 't', signature: 'S', issuer: 'anthropic' },
      { type: 'reasoning', text: '', encrypted: 'E', issuer: 'anthropic' },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'P', issuer: 'gemini' },
    ]
    const { message } = encodeParts(parts)
    expect(partsOf(message)).to.deep.equal(parts)
  })

  it('with citations in characters of the whole text', () => {
    const original = { protocol: 'other', value: {} }
    const parts: Part[] = [
      text('ab'),
      {
        type: 'text',
        text: 'cde',
        citations: [
          { url: 'u', title: 't', original },
          { url: 'v', start: 1, end: 2, original },
        ],
      },
    ]
    expect(encodeParts(parts).message.annotations.map((one: any) => one.url_citation)).to.deep.equal([
      { url: 'u', title: 't', start_index: 2, end_index: 5 },
      { url: 'v', title: 'v', start_index: 3, end_index: 4 },
    ])
    const nameless: Part = { type: 'text', text: 'a', citations: [{ citedText: 'c', original }] }
    expect(sketchLosses(encodeParts([nameless]).losses)).to.deep.equal(['choices.0.parts.0.citations.0: dropped'])
  })

  const ENDS: readonly (readonly [finish: any, parts: Part[], word: string, losses?: string[]])[] = [
    [{ reason: 'stop' }, [text('a')], 'stop'],
    [{ reason: 'length' }, [text('a')], 'length'],
    [{ reason: 'tool-calls' }, [call('c')], 'tool_calls'],
    [{ reason: 'content-filter' }, [], 'content_filter'],
    [{ reason: 'refusal' }, [], 'content_filter'],
    [{ reason: 'refusal' }, [{ type: 'refusal', text: 'no' }], 'stop'],
    [{ reason: 'pause' }, [text('a')], 'stop', ['choices.0.finish.reason: changed']],
    [{ reason: 'error' }, [text('a')], 'stop', ['choices.0.finish.reason: changed']],
    [{ reason: 'stop', stopSequence: 'END' }, [text('a')], 'stop', ['choices.0.finish.stopSequence: dropped']],
    [{ reason: 'stop', original: { protocol: 'other', value: 'end_turn' } }, [text('a')], 'stop'],
    [{ reason: 'stop', original: { protocol: OWN, value: 'eos' } }, [text('a')], 'stop'],
  ]
  for (const [finish, parts, word, losses = []] of ENDS) {
    it(`defect 9: the end ${JSON.stringify(finish)} is ${word}`, () => {
      const sent = encodeParts(parts, finish)
      expect(sent.body.choices[0].finish_reason).to.equal(word)
      expect(sketchLosses(sent.losses)).to.deep.equal(losses)
    })
  }

  it('with tiers that OpenAI has only', () => {
    expect(encodeAnswer({ serviceTier: 'flex' }).body.service_tier).to.equal('flex')
    const other = encodeAnswer({ serviceTier: 'standard' })
    expect(other.body).to.not.have.property('service_tier')
    expect(sketchLosses(other.losses)).to.deep.equal(['serviceTier: dropped'])
  })

  it('Q31: with function_call for a client that declares functions, and one call only', () => {
    const spelling = { protocol: OWN, form: 'legacy-client' }
    const sent = encodeParts([call('c', 'f'), call('d', 'g')], { reason: 'tool-calls' }, { spelling })
    expect(sent.message).to.deep.equal({
      role: 'assistant',
      content: null,
      refusal: null,
      function_call: { name: 'f', arguments: '{}' },
    })
    expect(sent.body.choices[0].finish_reason).to.equal('function_call')
    expect(sketchLosses(sent.losses)).to.deep.equal(['choices.0.parts.1: dropped'])
    const other = encodeParts(
      [call('c')],
      { reason: 'tool-calls' },
      { spelling: { protocol: 'other', form: 'legacy-client' } },
    )
    expect(other.message).to.have.property('tool_calls')
  })

  it('Q31: so that a client that declares functions is answered in its own words', () => {
    const legacy = decodeWith({ functions: [{ name: 'f' }] })
    const both = decodeWith({ functions: [{ name: 'f' }], tools: [{ type: 'function', function: { name: 'g' } }] })
    const answer = (request: ChatRequest) =>
      encodeParts([call('c')], { reason: 'tool-calls' }, { spelling: request.spelling! }).message
    expect(answer(legacy)).to.have.property('function_call')
    for (const request of [both, decodeWith({})]) expect(answer(request)).to.have.property('tool_calls')
  })

  it('reports log probabilities and members of another protocol', () => {
    const choice = {
      index: 0,
      parts: [text('a')],
      finish: { reason: 'stop' as const },
      logprobs: { protocol: 'other', value: {} },
    }
    const extra = { protocol: 'other', fields: { container: {} } }
    const sent = encodeAnswer({ choices: [{ ...choice, extra }], extra })
    expect(sketchLosses(sent.losses)).to.have.members([
      'choices.0.logprobs: dropped',
      'choices.0.container: dropped',
      'container: dropped',
    ])
    expect(sent.body.choices[0].logprobs).to.equal(null)
  })
})
