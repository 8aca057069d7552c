import { expect } from 'chai'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { ChatSettings } from '../../../protocols/ir/request.ts'
import { encodeWith, sketchLosses } from './exchange.ts'

describe('requests for Responses, written', () => {
  const SETTINGS: readonly (readonly [
    title: string,
    settings: ChatSettings,
    wire: object,
    losses?: readonly string[],
    facts?: ModelFacts,
  ])[] = [
    [
      'what is said is carried',
      { maxOutputTokens: 100, temperature: 0.5, topP: 0.9, topLogprobs: 3 },
      { max_output_tokens: 100, temperature: 0.5, top_p: 0.9, top_logprobs: 3 },
    ],
    [
      'a limit below the least is raised',
      { maxOutputTokens: 5 },
      { max_output_tokens: 16 },
      ['settings.maxOutputTokens: changed'],
    ],
    [
      'a limit above the most is lowered',
      { maxOutputTokens: 500 },
      { max_output_tokens: 99 },
      ['settings.maxOutputTokens: changed'],
      { maxOutputTokens: 99 },
    ],
    [
      'what the API does not have is reported',
      { topK: 1, stop: ['x'], seed: 1, presencePenalty: 1, frequencyPenalty: 1, logitBias: { 1: 1 }, candidates: 2 },
      {},
      [
        'settings.topK: dropped',
        'settings.stop: dropped',
        'settings.seed: dropped',
        'settings.presencePenalty: dropped',
        'settings.frequencyPenalty: dropped',
        'settings.logitBias: dropped',
        'settings.candidates: changed',
      ],
    ],
    [
      'what says nothing is no loss',
      { stop: [], presencePenalty: 0, frequencyPenalty: 0, logitBias: {}, candidates: 1, logprobs: false },
      {},
    ],
    [
      'log probabilities are asked for by name',
      { logprobs: true },
      { include: ['message.output_text.logprobs', 'reasoning.encrypted_content'] },
    ],
    [
      'names, ids and tiers',
      { userId: 'u', metadata: { a: 'b' }, store: true, serviceTier: 'flex', promptCacheKey: 'k' },
      { user: 'u', metadata: { a: 'b' }, store: true, service_tier: 'flex', prompt_cache_key: 'k' },
    ],
    ['a tier of another protocol is reported', { serviceTier: 'standard_only' }, {}, ['settings.serviceTier: dropped']],
    [
      'trap 119: a JSON object',
      { responseFormat: { type: 'json' }, verbosity: 'low' },
      { text: { format: { type: 'json_object' }, verbosity: 'low' } },
    ],
    [
      'trap 119, trap 123: a schema that keeps the rules stays strict',
      {
        responseFormat: {
          type: 'json-schema',
          schema: { type: 'object', properties: {}, additionalProperties: false },
          strict: true,
        },
      },
      {
        text: {
          format: {
            type: 'json_schema',
            name: 'response',
            schema: { type: 'object', properties: {}, additionalProperties: false },
            strict: true,
          },
        },
      },
    ],
    [
      'trap 123: one that does not is not',
      { responseFormat: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true } },
      { text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: false } } },
      ['settings.responseFormat: changed'],
    ],
    [
      'a model that keeps to no schema',
      { responseFormat: { type: 'json-schema', schema: {} } },
      { text: { format: { type: 'json_object' } } },
      ['settings.responseFormat: changed'],
      { capabilities: { jsonSchema: false } },
    ],
    ['an effort', { reasoning: { effort: 'high' } }, { reasoning: { effort: 'high' } }],
    [
      'trap 96: an effort that the model does not know',
      { reasoning: { effort: 'max' } },
      { reasoning: { effort: 'high' } },
      ['settings.reasoning: changed'],
      { efforts: ['low', 'high'] },
    ],
    [
      'a budget is told as an effort, and its thoughts are shown',
      { reasoning: { mode: 'on', budgetTokens: 2000 } },
      { reasoning: { effort: 'low', summary: 'auto' } },
      ['settings.reasoning: changed'],
    ],
    ['thoughts that are not to be shown', { reasoning: { mode: 'adaptive', display: 'omitted' } }, {}],
    [
      'not to think, for a model that knows how',
      { reasoning: { mode: 'off' } },
      { reasoning: { effort: 'none' } },
      [],
      { capabilities: { reasoning: true } },
    ],
    [
      'not to think, for a model of which nobody knows',
      { reasoning: { mode: 'off' } },
      {},
      ['settings.reasoning: changed'],
    ],
    [
      'to think, for a model that cannot',
      { reasoning: { effort: 'high' } },
      {},
      ['settings.reasoning: dropped'],
      { capabilities: { reasoning: false } },
    ],
  ]
  for (const [title, settings, wire, losses = [], facts = {}] of SETTINGS) {
    it(`settings: ${title}`, () => {
      const { body, losses: told } = encodeWith({ settings }, facts)
      const { model: _model, input: _input, ...rest } = body
      expect(rest).to.deep.equal({ store: false, include: ['reasoning.encrypted_content'], ...wire })
      expect(sketchLosses(told)).to.deep.equal(losses)
    })
  }

  it('trap 123, trap 124: a tool says that it is not strict, and what its arguments are', () => {
    const { body, losses } = encodeWith({
      tools: [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b.c', parameters: { properties: { x: {} } }, strict: true, description: 'd' },
        { type: 'freeform', name: 'e', format: { type: 'text' } },
        { type: 'hosted', name: 'search', protocol: 'other', value: {} },
      ],
      toolChoice: { type: 'allowed', mode: 'required', names: ['b.c', 'e'] },
      parallelToolCalls: false,
    })
    expect(body.tools).to.deep.equal([
      { type: 'function', name: 'a', parameters: { type: 'object', properties: {} }, strict: false },
      {
        type: 'function',
        name: 'b_u2e_c',
        description: 'd',
        parameters: { type: 'object', properties: { x: {} } },
        strict: false,
      },
      { type: 'custom', name: 'e', format: { type: 'text' } },
    ])
    expect(body.tool_choice).to.deep.equal({
      type: 'allowed_tools',
      mode: 'required',
      tools: [
        { type: 'function', name: 'b_u2e_c' },
        { type: 'custom', name: 'e' },
      ],
    })
    expect(body.parallel_tool_calls).to.equal(false)
    expect(sketchLosses(losses)).to.deep.equal(['tools.1.strict: dropped', 'tools.3: dropped'])
  })

  it('trap 117, lesson 36: a choice among no tools is left out', () => {
    const { body, losses } = encodeWith({ toolChoice: { type: 'required' }, parallelToolCalls: true })
    expect(body).to.not.have.any.keys('tools', 'tool_choice', 'parallel_tool_calls')
    expect(sketchLosses(losses)).to.deep.equal(['toolChoice: dropped', 'parallelToolCalls: dropped'])
  })

  it('trap 127: what a vendor refuses or calls by another name', () => {
    const { body, losses } = encodeWith(
      { settings: { userId: 'u', maxOutputTokens: 50 } },
      { refuses: ['user', 'include'], renames: { max_output_tokens: 'max_tokens' } },
    )
    expect(body).to.not.have.any.keys('user', 'include', 'max_output_tokens')
    expect(body.max_tokens).to.equal(50)
    expect(sketchLosses(losses)).to.deep.equal(['settings.userId: dropped', 'include: dropped'])
  })
})
