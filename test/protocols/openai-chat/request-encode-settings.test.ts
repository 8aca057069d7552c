import { expect } from 'chai'
import type { ChatSettings } from '../../../protocols/ir/request.ts'
import { encodeWith, sendOn, sketchLosses } from './exchange.ts'

function encodeSettings(settings: ChatSettings, facts: object = {}) {
  const { body, losses } = encodeWith({ settings }, facts)
  const { model: _model, messages: _messages, ...others } = body
  return { settings: others, losses: sketchLosses(losses), reasons: losses.map(({ reason }) => reason) }
}

describe('settings of another protocol', () => {
  const SETTINGS: readonly (readonly [
    title: string,
    settings: ChatSettings,
    facts: object,
    wire: object,
    losses?: string[],
  ])[] = [
    ['the limit has its new name', { maxOutputTokens: 5 }, {}, { max_completion_tokens: 5 }],
    [
      'trap 112: the limit has the name that the vendor knows',
      { maxOutputTokens: 5 },
      { renames: { max_completion_tokens: 'max_tokens' } },
      { max_tokens: 5 },
    ],
    [
      'the limit is lowered to what the model writes',
      { maxOutputTokens: 9 },
      { maxOutputTokens: 4 },
      { max_completion_tokens: 4 },
      ['settings.maxOutputTokens: changed'],
    ],
    ['sampling', { temperature: 0, topP: 0.5, seed: 0 }, {}, { temperature: 0, top_p: 0.5, seed: 0 }],
    ['top_k is no member of this protocol', { topK: 40 }, {}, {}, ['settings.topK: dropped']],
    ['trap 115: no stop texts, which other protocols tell as an empty list', { stop: [] }, {}, {}],
    ['stop texts', { stop: ['a'] }, {}, { stop: ['a'] }],
    [
      'more stop texts than are taken',
      { stop: ['a', 'b', 'c', 'd', 'e'] },
      {},
      { stop: ['a', 'b', 'c', 'd'] },
      ['settings.stop: changed'],
    ],
    [
      'penalties and biases',
      { presencePenalty: 1, frequencyPenalty: -1, logitBias: { 1: 2 } },
      {},
      { presence_penalty: 1, frequency_penalty: -1, logit_bias: { 1: 2 } },
    ],
    [
      'log probabilities and candidates',
      { logprobs: true, topLogprobs: 2, candidates: 2 },
      {},
      { logprobs: true, top_logprobs: 2, n: 2 },
    ],
    [
      'names and metadata',
      { userId: 'u', metadata: { a: 'b' }, store: true, promptCacheKey: 'k', verbosity: 'low' },
      {},
      { user: 'u', metadata: { a: 'b' }, store: true, prompt_cache_key: 'k', verbosity: 'low' },
    ],
    ['a tier that is known', { serviceTier: 'auto' }, {}, { service_tier: 'auto' }],
    ['a tier of another protocol', { serviceTier: 'standard_only' }, {}, {}, ['settings.serviceTier: dropped']],
    ['trap 119: some JSON', { responseFormat: { type: 'json' } }, {}, { response_format: { type: 'json_object' } }],
    [
      'trap 119: JSON of a schema gets a name',
      { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
      {},
      { response_format: { type: 'json_schema', json_schema: { name: 'response', schema: { type: 'object' } } } },
    ],
    [
      'trap 123: a strict form whose schema is open',
      { responseFormat: { type: 'json-schema', name: 'n', strict: true, schema: { type: 'object', properties: {} } } },
      {},
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', schema: { type: 'object', properties: {} } },
        },
      },
      ['settings.responseFormat: changed'],
    ],
    [
      'a schema for a model that keeps to none',
      { responseFormat: { type: 'json-schema', schema: {} } },
      { capabilities: { jsonSchema: false } },
      { response_format: { type: 'json_object' } },
      ['settings.responseFormat: changed'],
    ],
    [
      'trap 127: a member that the vendor refuses',
      { userId: 'u', seed: 1 },
      { refuses: ['user', 'seed', 'n'] },
      {},
      ['settings.userId: dropped', 'settings.seed: dropped'],
    ],
    ['an effort', { reasoning: { effort: 'high' } }, {}, { reasoning_effort: 'high' }],
    [
      'trap 96: an effort that the model does not know',
      { reasoning: { effort: 'xhigh' } },
      { efforts: ['low', 'medium', 'high'] },
      { reasoning_effort: 'high' },
      ['settings.reasoning: changed'],
    ],
    [
      'trap 96: the lower of two efforts that are equally near',
      { reasoning: { effort: 'medium' } },
      { efforts: ['low', 'high'] },
      { reasoning_effort: 'low' },
      ['settings.reasoning: changed'],
    ],
    [
      'trap 96: an effort of no known rank',
      { reasoning: { effort: 'ludicrous' } },
      { efforts: ['low'] },
      {},
      ['settings.reasoning: changed'],
    ],
    [
      'a small budget',
      { reasoning: { mode: 'on', budgetTokens: 1024 } },
      {},
      { reasoning_effort: 'low' },
      ['settings.reasoning: changed'],
    ],
    [
      'a middling budget',
      { reasoning: { mode: 'on', budgetTokens: 8000 } },
      {},
      { reasoning_effort: 'medium' },
      ['settings.reasoning: changed'],
    ],
    [
      'a large budget',
      { reasoning: { mode: 'on', budgetTokens: 32000 } },
      {},
      { reasoning_effort: 'high' },
      ['settings.reasoning: changed'],
    ],
    [
      'a budget beside an effort',
      { reasoning: { effort: 'low', budgetTokens: 9 } },
      {},
      { reasoning_effort: 'low' },
      ['settings.reasoning: changed'],
    ],
    [
      'thoughts without a measure',
      { reasoning: { mode: 'on' } },
      {},
      { reasoning_effort: 'medium' },
      ['settings.reasoning: changed'],
    ],
    ['thoughts left to the model', { reasoning: { mode: 'adaptive' } }, {}, {}],
    [
      'defect 24: thoughts left to the model with an effort',
      { reasoning: { mode: 'adaptive', effort: 'high' } },
      {},
      { reasoning_effort: 'high' },
    ],
    [
      'thoughts of a model that does not think',
      { reasoning: { effort: 'high' } },
      { capabilities: { reasoning: false } },
      {},
      ['settings.reasoning: changed'],
    ],
    [
      'lesson 46: no thoughts of a model that thinks',
      { reasoning: { mode: 'off' } },
      { capabilities: { reasoning: true } },
      { reasoning_effort: 'none' },
    ],
    [
      'lesson 46: no thoughts of a model that cannot but think',
      { reasoning: { mode: 'off' } },
      { efforts: ['minimal', 'low'] },
      { reasoning_effort: 'minimal' },
      ['settings.reasoning: changed'],
    ],
    [
      'no thoughts of a model that has none',
      { reasoning: { mode: 'off' } },
      { capabilities: { reasoning: false } },
      {},
    ],
    [
      'no thoughts of a model of which nobody knows',
      { reasoning: { mode: 'off' } },
      {},
      {},
      ['settings.reasoning: changed'],
    ],
    [
      'thoughts that are to be hidden',
      { reasoning: { effort: 'low', display: 'omitted' } },
      {},
      { reasoning_effort: 'low' },
      ['settings.reasoning: changed'],
    ],
  ]
  for (const [title, settings, facts, wire, losses = []] of SETTINGS) {
    it(title, () => {
      const sent = encodeSettings(settings, facts)
      expect({ settings: sent.settings, losses: sent.losses }).to.deep.equal({ settings: wire, losses })
      for (const reason of sent.reasons) expect(reason).to.match(/\w/)
    })
  }

  it('trap 123: a strict form of this protocol’s own client stays as it is, an open one of another that is not strict too', () => {
    const json_schema = { name: 'n', strict: true, schema: { type: 'object', properties: {} } }
    const response_format = { type: 'json_schema', json_schema }
    expect(sendOn({ response_format }).body.response_format).to.deep.equal(response_format)
    const loose: ChatSettings = {
      responseFormat: { type: 'json-schema', name: 'n', strict: false, schema: { type: 'object' } },
    }
    expect(encodeSettings(loose)).to.deep.include({ losses: [] })
    const closed = { type: 'object', properties: { a: {} }, required: ['a'], additionalProperties: false }
    const kept = encodeSettings({ responseFormat: { type: 'json-schema', name: 'n', strict: true, schema: closed } })
    expect(kept.settings.response_format.json_schema.strict).to.equal(true)
  })

  it('an adaptive thinker that does not think is asked for nothing, and only an effort is missed', () => {
    const facts = { capabilities: { reasoning: false } }
    expect(encodeSettings({ reasoning: { mode: 'adaptive' } }, facts)).to.deep.include({ settings: {}, losses: [] })
    expect(encodeSettings({ reasoning: { mode: 'adaptive', effort: 'low' } }, facts).losses).to.deep.equal([
      'settings.reasoning: changed',
    ])
    expect(encodeSettings({ reasoning: { mode: 'on' } }, facts).losses).to.deep.equal(['settings.reasoning: changed'])
  })

  it('trap 112: the client’s own name of the limit stays, unless the vendor has another', () => {
    expect(sendOn({ max_tokens: 5 }).body.max_tokens).to.equal(5)
    expect(
      sendOn({ max_completion_tokens: 5 }, { renames: { max_completion_tokens: 'max_tokens' } }).body.max_tokens,
    ).to.equal(5)
    expect(
      sendOn({ max_tokens: 5 }, { renames: { max_tokens: 'max_completion_tokens' } }).body.max_completion_tokens,
    ).to.equal(5)
  })

  it('trap 125, trap 127: a member of tomorrow goes up, unless the vendor refuses it', () => {
    expect(sendOn({ mystery: 1 }).body.mystery).to.equal(1)
    const sent = sendOn({ mystery: 1 }, { refuses: ['mystery'] })
    expect(sent.body).to.not.have.property('mystery')
    expect(sketchLosses(sent.losses)).to.deep.equal(['mystery: dropped'])
  })

  it('trap 125: members of another protocol are reported', () => {
    const { body, losses } = encodeWith({ extra: { protocol: 'other', fields: { context_management: {} } } })
    expect(body).to.not.have.property('context_management')
    expect(sketchLosses(losses)).to.deep.equal(['context_management: dropped'])
  })

  it('trap 105: counters are asked for in every stream, and in nothing else', () => {
    expect(encodeWith({ stream: true }).body).to.deep.include({ stream: true, stream_options: { include_usage: true } })
    expect(
      sendOn({ stream: true, stream_options: { include_usage: false, include_obfuscation: false } }).body
        .stream_options,
    ).to.deep.equal({
      include_usage: true,
      include_obfuscation: false,
    })
    expect(sendOn({ stream_options: { include_obfuscation: true } }).body).to.not.have.any.keys(
      'stream',
      'stream_options',
    )
    expect(encodeWith({ stream: true }, { refuses: ['stream_options'] }).losses).to.deep.equal([])
  })
})
