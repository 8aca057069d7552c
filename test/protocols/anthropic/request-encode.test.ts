import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { ChatRequest, ChatSettings } from '../../../protocols/ir/request.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { encodeSettings, encodeWith, sendOn, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const F: Tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }

describe('anthropic: request, encoded', () => {
  it('an object of the interlingua is never changed', () => {
    const request: ChatRequest = freeze({
      model: 'm',
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'a', cache: {} }] },
        {
          role: 'assistant',
          parts: [{ type: 'opaque', protocol: 'anthropic', value: { type: 'x', cache_control: {} } }],
        },
        { role: 'user', parts: [{ type: 'text', text: 'b', cache: {} }] },
      ],
      tools: [
        {
          type: 'hosted',
          name: 'w',
          protocol: 'anthropic',
          value: { type: 'w_1', cache_control: { type: 'ephemeral' } },
        },
        { type: 'function', name: 'f', cache: {} },
        { type: 'function', name: 'g', cache: {} },
      ],
      settings: { metadata: { a: 1 }, stop: ['x'] },
      stream: true,
      extra: { protocol: 'anthropic', fields: { 'metadata.b': 1, context_management: {} } },
    })
    expect(() => anthropic.request.encode(request, {})).to.not.throw()
    expect(anthropic.request.encode(request, {})).to.deep.equal(anthropic.request.encode(request, {}))
  })

  describe('the limit of the answer', () => {
    const ROWS: readonly (readonly [
      title: string,
      asked: number | undefined,
      facts: ModelFacts,
      expected: number,
      losses: readonly string[],
    ])[] = [
      ['trap 114: is never missing', undefined, {}, 4096, []],
      ['defect 16: is the default of the model', undefined, { defaultMaxOutputTokens: 16_000 }, 16_000, []],
      ['trap 114: a default is never above the limit', undefined, { maxOutputTokens: 2048 }, 2048, []],
      [
        'a stated default above the limit is not either',
        undefined,
        { defaultMaxOutputTokens: 9000, maxOutputTokens: 8192 },
        8192,
        [],
      ],
      ['A134: is what was asked for', 77, { defaultMaxOutputTokens: 16_000 }, 77, []],
      [
        'K16: is lowered to what the model writes',
        128_000,
        { maxOutputTokens: 64_000 },
        64_000,
        ['settings.maxOutputTokens: changed'],
      ],
    ]
    for (const [title, asked, facts, expected, losses] of ROWS) {
      it(title, () => {
        const { written, losses: told } = encodeSettings(asked === undefined ? {} : { maxOutputTokens: asked }, facts)
        expect(written.max_tokens).to.equal(expected)
        expect(told).to.deep.equal(losses)
      })
    }
  })

  describe('settings', () => {
    const ROWS: readonly (readonly [
      title: string,
      settings: ChatSettings,
      written: object,
      losses: readonly string[],
    ])[] = [
      ['temperature', { temperature: 0.3 }, { temperature: 0.3 }, []],
      ['temperature 0 is a value', { temperature: 0 }, { temperature: 0 }, []],
      [
        'A135: temperature above 1 is lowered',
        { temperature: 1.5 },
        { temperature: 1 },
        ['settings.temperature: changed'],
      ],
      ['A136: top_p', { topP: 0.9 }, { top_p: 0.9 }, []],
      ['A137: top_k', { topK: 40 }, { top_k: 40 }, []],
      ['A139, trap 115: stop', { stop: ['\n\n'] }, { stop_sequences: ['\n\n'] }, []],
      ['the user', { userId: 'u' }, { metadata: { user_id: 'u' } }, []],
      ['X11: a seed', { seed: 1 }, {}, ['settings.seed: dropped']],
      [
        'X11, A144: penalties',
        { presencePenalty: 1, frequencyPenalty: 1 },
        {},
        ['settings.presencePenalty: dropped', 'settings.frequencyPenalty: dropped'],
      ],
      ['K63: penalties of 0 are none', { presencePenalty: 0, frequencyPenalty: 0 }, {}, []],
      ['a bias', { logitBias: { 5: 1 } }, {}, ['settings.logitBias: dropped']],
      ['an empty bias is none', { logitBias: {} }, {}, []],
      [
        'log probabilities',
        { logprobs: true, topLogprobs: 2 },
        {},
        ['settings.logprobs: dropped', 'settings.topLogprobs: dropped'],
      ],
      ['no log probabilities', { logprobs: false, topLogprobs: 0 }, {}, []],
      ['several answers', { candidates: 3 }, {}, ['settings.candidates: changed']],
      ['one answer', { candidates: 1 }, {}, []],
      ['storing', { store: true }, {}, ['settings.store: dropped']],
      ['K65: not storing is the rule', { store: false }, {}, []],
      ['verbosity', { verbosity: 'low' }, {}, ['settings.verbosity: dropped']],
      ['a cache key', { promptCacheKey: 'k' }, {}, ['settings.promptCacheKey: dropped']],
      ['metadata of others', { metadata: { a: 'b' } }, {}, ['settings.metadata: dropped']],
      ['the tier auto', { serviceTier: 'auto' }, { service_tier: 'auto' }, []],
      [
        'the tier default has another name',
        { serviceTier: 'default' },
        { service_tier: 'standard_only' },
        ['settings.serviceTier: changed'],
      ],
      ['the tier flex is unknown', { serviceTier: 'flex' }, {}, ['settings.serviceTier: dropped']],
      ['plain text', { responseFormat: { type: 'text' } }, {}, []],
      [
        'trap 119: JSON without a schema',
        { responseFormat: { type: 'json' } },
        {},
        ['settings.responseFormat: dropped'],
      ],
      [
        'trap 119: JSON with a schema',
        { responseFormat: { type: 'json-schema', schema: { type: 'object' }, name: 'n', strict: true } },
        { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
        [],
      ],
      [
        'a described schema loses its description',
        { responseFormat: { type: 'json-schema', schema: { type: 'object' }, description: 'd' } },
        { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
        ['settings.responseFormat: changed'],
      ],
    ]
    for (const [title, settings, expected, losses] of ROWS) {
      it(title, () => {
        const { written, losses: told } = encodeSettings({ maxOutputTokens: 9, ...settings })
        expect(written).to.deep.equal({ max_tokens: 9, ...expected })
        expect(told).to.deep.equal(losses)
      })
    }
    it('a model without schemas is not sent one', () => {
      const settings: ChatSettings = { responseFormat: { type: 'json-schema', schema: {} } }
      const { written, losses } = encodeSettings(settings, { capabilities: { jsonSchema: false } })
      expect(written).to.not.have.property('output_config')
      expect(losses).to.deep.equal(['settings.responseFormat: dropped'])
    })
  })

  describe('what one provider does otherwise', () => {
    it('fields are renamed and refused by the facts', () => {
      const facts: ModelFacts = { renames: { max_tokens: 'max_output' }, refuses: ['metadata', 'context_management'] }
      const { body, losses } = sendOn({ metadata: { user_id: 'u' }, context_management: {} }, facts)
      expect(body.max_output).to.equal(100)
      expect(body).to.not.have.any.keys('max_tokens', 'metadata', 'context_management')
      expect(sketchLosses(losses)).to.deep.equal(['metadata: dropped', 'context_management: dropped'])
    })
    it('a field of another protocol is reported', () => {
      const { losses } = encodeWith({ extra: { protocol: 'openai-chat', fields: { prediction: {}, modalities: [] } } })
      expect(sketchLosses(losses)).to.deep.equal(['prediction: dropped', 'modalities: dropped'])
    })
  })

  it('a stream is asked for, and not asked for in the words of the client', () => {
    expect(encodeWith({ stream: true }).body.stream).to.equal(true)
    expect(encodeWith({ stream: false }).body).to.not.have.property('stream')
    expect(sendOn({ stream: false }).body.stream).to.equal(false)
    expect(sendOn({ stream: null }).body.stream).to.equal(null)
  })

  it('what is written for a foreign client is what the schema of the API allows', function () {
    if (!hasRecordings) return this.skip()
    const check = loadSchema('request')
    const { body } = encodeWith({
      messages: [
        { role: 'developer', parts: [{ type: 'text', text: 's' }] },
        {
          role: 'user',
          parts: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, detail: 'high' }],
        },
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'call.1', name: 'f', arguments: '' }] },
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'call.1', content: [], isError: true }] },
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'lost', content: [{ type: 'text', text: 'x' }] }] },
      ],
      tools: [F, { type: 'freeform', name: 'p' }],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      settings: {
        temperature: 1.7,
        reasoning: { effort: 'low' },
        stop: ['x'],
        userId: 'u',
        responseFormat: { type: 'json' },
      },
      stream: true,
    })
    expect(check(body)).to.equal(undefined)
  })
})

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member)
    Object.freeze(value)
  }
  return value
}
