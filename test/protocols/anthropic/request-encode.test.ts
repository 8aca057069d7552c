import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { ChatRequest, ChatSettings } from '../../../protocols/ir/request.ts'
import type { Tool, ToolChoice } from '../../../protocols/ir/tool.ts'
import { encodeWith, sendOn, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const F: Tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }
const G: Tool = { type: 'function', name: 'g', parameters: { type: 'object', properties: {} } }

/** What settings become, without what every small request has. */
function encodeSettings(settings: ChatSettings, facts: ModelFacts = {}) {
  const { body, losses } = encodeWith({ settings }, facts)
  const { model: _model, messages: _messages, ...written } = body
  return { written, losses: sketchLosses(losses) }
}

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

  describe('thinking', () => {
    const EFFORTS: ModelFacts = { efforts: ['low', 'medium', 'high', 'max'] }
    const WIDE: ModelFacts = { maxOutputTokens: 64_000, defaultMaxOutputTokens: 8192 }
    const ROWS: readonly (readonly [
      title: string,
      settings: ChatSettings,
      facts: ModelFacts,
      written: object,
      losses: readonly string[],
    ])[] = [
      [
        'trap 96: an effort that the model knows',
        { maxOutputTokens: 99, reasoning: { effort: 'high' } },
        EFFORTS,
        { max_tokens: 99, output_config: { effort: 'high' } },
        [],
      ],
      [
        'trap 96: an effort that it does not know becomes the nearest',
        { maxOutputTokens: 99, reasoning: { effort: 'minimal' } },
        EFFORTS,
        { max_tokens: 99, output_config: { effort: 'low' } },
        ['settings.reasoning.effort: changed'],
      ],
      [
        'trap 96: a word of tomorrow is something in the middle',
        { maxOutputTokens: 99, reasoning: { effort: 'cosmic' } },
        EFFORTS,
        { max_tokens: 99, output_config: { effort: 'medium' } },
        ['settings.reasoning.effort: changed'],
      ],
      [
        'no effort is no thinking',
        { maxOutputTokens: 99, reasoning: { effort: 'none' } },
        EFFORTS,
        { max_tokens: 99, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'thinking that is off',
        { maxOutputTokens: 99, reasoning: { mode: 'off' } },
        {},
        { max_tokens: 99, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'a budget of 0 is off',
        { maxOutputTokens: 99, reasoning: { budgetTokens: 0 } },
        {},
        { max_tokens: 99, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'adaptive thinking',
        { maxOutputTokens: 99, reasoning: { mode: 'adaptive' } },
        {},
        { max_tokens: 99, thinking: { type: 'adaptive' } },
        [],
      ],
      [
        'an effort is a budget where the model knows no efforts, beside our own limit',
        { reasoning: { effort: 'high' } },
        WIDE,
        { max_tokens: 24_576, thinking: { type: 'enabled', budget_tokens: 16_384 } },
        ['settings.reasoning: changed'],
      ],
      [
        'lesson 59: a missing budget gets a usual one',
        { maxOutputTokens: 32_000, reasoning: { mode: 'on' } },
        WIDE,
        { max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 8192 } },
        [],
      ],
      [
        'a budget of ours leaves half of the limit for the answer',
        { maxOutputTokens: 4000, reasoning: { effort: 'high' } },
        {},
        { max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'trap 97, K56: a budget of the client is lowered below its limit',
        { maxOutputTokens: 32_000, reasoning: { mode: 'on', budgetTokens: 32_000 } },
        {},
        { max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 31_999 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'trap 97: a limit that nobody named is raised above the budget',
        { reasoning: { budgetTokens: 10_000 } },
        {},
        { max_tokens: 14_096, thinking: { type: 'enabled', budget_tokens: 10_000 } },
        [],
      ],
      [
        'an effort never takes the whole of what a model writes',
        { reasoning: { effort: 'max' } },
        { maxOutputTokens: 8192 },
        { max_tokens: 8192, thinking: { type: 'enabled', budget_tokens: 4096 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'trap 97: but not above what the model writes',
        { reasoning: { budgetTokens: 10_000 } },
        { maxOutputTokens: 8192 },
        { max_tokens: 8192, thinking: { type: 'enabled', budget_tokens: 4096 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'a budget below the least is raised',
        { maxOutputTokens: 9000, reasoning: { budgetTokens: 100 } },
        {},
        { max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 1024 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'a small limit leaves no room to think',
        { maxOutputTokens: 500, reasoning: { effort: 'high' } },
        {},
        { max_tokens: 500 },
        ['settings.reasoning: dropped'],
      ],
      [
        'a model that does not think is not asked to',
        { maxOutputTokens: 9000, reasoning: { effort: 'high' } },
        { capabilities: { reasoning: false } },
        { max_tokens: 9000 },
        ['settings.reasoning: dropped'],
      ],
      [
        'trap 97: sampling settings go while the model thinks',
        { maxOutputTokens: 9000, temperature: 0.2, topP: 0.5, topK: 5, reasoning: { budgetTokens: 2000 } },
        {},
        { max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 2000 } },
        ['settings.temperature: dropped', 'settings.topP: dropped', 'settings.topK: dropped'],
      ],
      [
        'trap 97: those that it takes stay',
        { maxOutputTokens: 9000, temperature: 1, topP: 0.97, reasoning: { mode: 'adaptive' } },
        {},
        { max_tokens: 9000, temperature: 1, top_p: 0.97, thinking: { type: 'adaptive' } },
        [],
      ],
      [
        'K16: temperature beside no thinking stays',
        { maxOutputTokens: 9, temperature: 0.2, reasoning: { mode: 'off' } },
        {},
        { max_tokens: 9, temperature: 0.2, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'thoughts that are to be shown in whatever words are summarized',
        { maxOutputTokens: 9000, reasoning: { mode: 'adaptive', display: 'detailed' } },
        {},
        { max_tokens: 9000, thinking: { type: 'adaptive', display: 'summarized' } },
        [],
      ],
    ]
    for (const [title, settings, facts, expected, losses] of ROWS) {
      it(title, () => {
        const { written, losses: told } = encodeSettings(settings, facts)
        expect(written).to.deep.equal(expected)
        expect(told).to.deep.equal(losses)
      })
    }
    it('an effort of an own client is its own word', () => {
      expect(sendOn({ output_config: { effort: 'xhigh' } }).body.output_config).to.deep.equal({ effort: 'xhigh' })
    })
    it('a kind of thinking of tomorrow goes as it came', () => {
      const thinking = { type: 'between_tools' }
      expect(sendOn({ thinking }).body.thinking).to.deep.equal(thinking)
    })
  })

  describe('tools', () => {
    const ROWS: readonly (readonly [title: string, tool: Tool, written: unknown, losses: readonly string[]])[] = [
      [
        'trap 124: a missing schema is an object without members',
        { type: 'function', name: 'f' },
        [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
        [],
      ],
      [
        'trap 124: a schema without a type is an object',
        { type: 'function', name: 'f', parameters: { properties: {} } },
        [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
        [],
      ],
      [
        'what is known of a function',
        {
          type: 'function',
          name: 'f',
          description: 'd',
          parameters: { type: 'object' },
          strict: true,
          cache: { ttl: '5m' },
        },
        [
          {
            name: 'f',
            description: 'd',
            input_schema: { type: 'object' },
            strict: true,
            cache_control: { type: 'ephemeral', ttl: '5m' },
          },
        ],
        [],
      ],
      [
        'that a tool need not be strict is not said',
        { type: 'function', name: 'f', parameters: { type: 'object' }, strict: false },
        [{ name: 'f', input_schema: { type: 'object' } }],
        [],
      ],
      [
        'trap 46: a tool of raw text is a function with one string',
        { type: 'freeform', name: 'patch', description: 'd', format: { type: 'grammar' } },
        [
          {
            name: 'patch',
            description: 'd\n\nThe format of `input`: {"type":"grammar"}',
            input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
          },
        ],
        ['tools.0: changed'],
      ],
      [
        'trap 48: a tool of another provider is left out',
        { type: 'hosted', name: 'w', protocol: 'openai-responses', value: { type: 'w' } },
        undefined,
        ['tools.0: dropped'],
      ],
      [
        'trap 49: an own one is carried',
        { type: 'hosted', name: 'w', protocol: 'anthropic', value: { type: 'w_1' } },
        [{ type: 'w_1' }],
        [],
      ],
      [
        'trap 51: a name outside the alphabet is mapped',
        { type: 'function', name: 'mcp.server/read:file', parameters: { type: 'object' } },
        [{ name: 'mcp_u2e_server_u2f_read_u3a_file', input_schema: { type: 'object' } }],
        [],
      ],
      [
        'trap 47: a group of tools is unknown',
        { type: 'function', name: 'f', namespace: 'n', parameters: { type: 'object' } },
        [{ name: 'f', input_schema: { type: 'object' } }],
        ['tools.0.namespace: changed'],
      ],
      [
        'a foreign field is reported by its name',
        { type: 'function', name: 'f', parameters: { type: 'object' }, extra: { protocol: 'x', fields: { y: 1 } } },
        [{ name: 'f', input_schema: { type: 'object' } }],
        ['tools.0.y: dropped'],
      ],
    ]
    for (const [title, tool, written, losses] of ROWS) {
      it(title, () => {
        const { body, losses: told } = encodeWith({ tools: [tool] })
        expect(body.tools).to.deep.equal(written)
        expect(sketchLosses(told)).to.deep.equal(losses)
      })
    }
    it('trap 148: the order of tools and of their schemas is kept', () => {
      const parameters = { type: 'object', properties: { z: {}, a: {} }, $schema: 's' }
      const { body } = encodeWith({ tools: [{ ...G, parameters }, F] })
      expect(body.tools.map((tool: { name: string }) => tool.name)).to.deep.equal(['g', 'f'])
      expect(JSON.stringify(body.tools[0].input_schema)).to.equal(JSON.stringify(parameters))
    })
    it('an empty list of a foreign client is no list', () => {
      expect(encodeWith({ tools: [] }).body).to.not.have.property('tools')
    })
  })

  describe('the choice among tools', () => {
    const ROWS: readonly (readonly [
      title: string,
      choice: ToolChoice | undefined,
      parallel: boolean | undefined,
      written: unknown,
      losses: readonly string[],
    ])[] = [
      ['nothing said is nothing written', undefined, undefined, undefined, []],
      ['trap 116: auto', { type: 'auto' }, undefined, { type: 'auto' }, []],
      ['trap 116: required is any', { type: 'required' }, undefined, { type: 'any' }, []],
      ['trap 116: one tool', { type: 'tool', name: 'f' }, undefined, { type: 'tool', name: 'f' }, []],
      ['trap 116: none', { type: 'none' }, undefined, { type: 'none' }, []],
      ['trap 118: no parallel calls', undefined, false, { type: 'auto', disable_parallel_tool_use: true }, []],
      ['trap 118: parallel calls are the rule', undefined, true, undefined, []],
      ['trap 118: both', { type: 'required' }, false, { type: 'any', disable_parallel_tool_use: true }, []],
      ['trap 118: none calls nothing, in parallel or not', { type: 'none' }, false, { type: 'none' }, []],
      ['a tool that is not there', { type: 'tool', name: 'h' }, undefined, undefined, ['toolChoice: dropped']],
    ]
    for (const [title, toolChoice, parallelToolCalls, written, losses] of ROWS) {
      it(title, () => {
        const { body, losses: told } = encodeWith({
          tools: [F, G],
          ...(toolChoice === undefined ? {} : { toolChoice }),
          ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
        })
        expect(body.tool_choice).to.deep.equal(written)
        expect(body.tools).to.have.length(2)
        expect(sketchLosses(told)).to.deep.equal(losses)
      })
    }
    it('trap 117, lesson 36: it goes when there are no tools', () => {
      expect(encodeWith({ toolChoice: { type: 'auto' } })).to.deep.include({ losses: [] })
      const { body, losses } = encodeWith({ toolChoice: { type: 'required' } })
      expect(body).to.not.have.property('tool_choice')
      expect(sketchLosses(losses)).to.deep.equal(['toolChoice: dropped'])
    })
    it('trap 117: it goes with the last tool, too', () => {
      const tools: Tool[] = [{ type: 'hosted', name: 'w', protocol: 'other', value: {} }]
      const { body, losses } = encodeWith({ tools, toolChoice: { type: 'required' } })
      expect(body).to.not.have.any.keys('tools', 'tool_choice')
      expect(sketchLosses(losses)).to.deep.equal(['tools.0: dropped', 'toolChoice: dropped'])
    })
    it('only the allowed tools are sent', () => {
      const choice: ToolChoice = { type: 'allowed', mode: 'required', names: ['g'] }
      const { body, losses } = encodeWith({ tools: [F, G], toolChoice: choice })
      expect(body.tools.map((tool: { name: string }) => tool.name)).to.deep.equal(['g'])
      expect(body.tool_choice).to.deep.equal({ type: 'any' })
      expect(sketchLosses(losses)).to.deep.equal(['tools.0: dropped'])
      expect(
        encodeWith({ tools: [F], toolChoice: { ...choice, mode: 'auto', names: ['f'] } }).body.tool_choice,
      ).to.deep.equal({
        type: 'auto',
      })
    })
    it('trap 98: a call cannot be forced while the model thinks by a budget', () => {
      const settings: ChatSettings = { maxOutputTokens: 9000, reasoning: { budgetTokens: 2000 } }
      for (const toolChoice of [{ type: 'required' }, { type: 'tool', name: 'f' }] as const) {
        const { body, losses } = encodeWith({ tools: [F], toolChoice, settings })
        expect(body.tool_choice).to.deep.equal({ type: 'auto' })
        expect(sketchLosses(losses)).to.deep.equal(['toolChoice: changed'])
      }
    })
    it('trap 98: it can while it thinks as it likes, as a recording shows', () => {
      const settings: ChatSettings = { reasoning: { mode: 'adaptive' } }
      const { body, losses } = encodeWith({ tools: [F], toolChoice: { type: 'required' }, settings })
      expect(body.tool_choice).to.deep.equal({ type: 'any' })
      expect(losses).to.deep.equal([])
    })
    it('trap 51: the name in it is mapped like the tool', () => {
      const { body } = encodeWith({ tools: [{ ...F, name: 'a.b' }], toolChoice: { type: 'tool', name: 'a.b' } })
      expect(body.tool_choice).to.deep.equal({ type: 'tool', name: 'a_u2e_b' })
    })
  })

  describe('marks for the cache', () => {
    it('trap 151: of more than four the oldest of the messages go', () => {
      const marked = (text: string) => ({ type: 'text', text, cache: {} }) as const
      const { body, losses } = encodeWith({
        messages: [
          { role: 'system', parts: [marked('s')] },
          { role: 'user', parts: [marked('1'), marked('2')] },
          { role: 'assistant', parts: [marked('3')] },
          { role: 'user', parts: [marked('4')] },
        ],
        tools: [{ ...F, cache: {} }],
      })
      const told = JSON.stringify(body)
      expect(told.split('"cache_control"')).to.have.length(5)
      expect(body.tools[0]).to.have.property('cache_control')
      expect(body.system[0]).to.have.property('cache_control')
      expect(body.messages[0].content[0]).to.not.have.property('cache_control')
      expect(body.messages[2].content[0]).to.have.property('cache_control')
      expect(sketchLosses(losses)).to.deep.equal(['messages.0: changed'])
    })
    it('trap 151: marks inside results count, and so does the one of the whole request', () => {
      const block = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }
      const { body, losses } = sendOn({
        messages: [
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [block, block] }, block, block] },
        ],
        cache_control: { type: 'ephemeral' },
      })
      expect(losses).to.have.length(1)
      expect(body.messages[0].content[0].content[0]).to.not.have.property('cache_control')
      expect(body.messages[0].content[0].content[1]).to.have.property('cache_control')
    })
    it('four are no loss', () => {
      const block = { type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }
      expect(sendOn({ messages: [{ role: 'user', content: [block, block, block, block] }] }).losses).to.deep.equal([])
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
