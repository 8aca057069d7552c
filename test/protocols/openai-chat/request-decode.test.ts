import { expect } from 'chai'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { decodeWith, sketchLosses, WIRE } from './exchange.ts'

const OWN = 'openai-chat'

/** Without the hints for the way back, which no other protocol sees. */
function bare(value: unknown): any {
  return JSON.parse(JSON.stringify(value), (key, member) => (key === 'spelling' ? undefined : member))
}

describe('a request is read', () => {
  const SETTINGS: readonly (readonly [title: string, wire: object, settings: object])[] = [
    ['the limit by its new name', { max_completion_tokens: 5 }, { maxOutputTokens: 5 }],
    ['the limit by its old name', { max_tokens: 5 }, { maxOutputTokens: 5 }],
    ['trap 112: the new name wins over the old', { max_tokens: 9, max_completion_tokens: 5 }, { maxOutputTokens: 5 }],
    ['trap 115: one stop text as a list', { stop: 'END' }, { stop: ['END'] }],
    ['a list of stop texts', { stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
    ['X2: stop texts by another name', { stop_sequences: ['a'] }, { stop: ['a'] }],
    ['zero as a value', { temperature: 0, seed: 0, top_p: 0 }, { temperature: 0, seed: 0, topP: 0 }],
    ['null as nothing', { temperature: null, stop: null, max_tokens: null, n: null }, {}],
    ['penalties', { presence_penalty: -2, frequency_penalty: 2 }, { presencePenalty: -2, frequencyPenalty: 2 }],
    ['biases', { logit_bias: { '50256': -100 } }, { logitBias: { '50256': -100 } }],
    ['log probabilities', { logprobs: true, top_logprobs: 0 }, { logprobs: true, topLogprobs: 0 }],
    ['candidates', { n: 3 }, { candidates: 3 }],
    ['sampling of the copies', { top_k: -1 }, { topK: -1 }],
    ['the end user', { user: 'u' }, { userId: 'u' }],
    ['the end user by the new name', { safety_identifier: 's' }, { userId: 's' }],
    [
      'metadata, store, tier, verbosity',
      { metadata: { a: 'b' }, store: false, service_tier: 'flex', verbosity: 'low' },
      { metadata: { a: 'b' }, store: false, serviceTier: 'flex', verbosity: 'low' },
    ],
    ['a cache key', { prompt_cache_key: 'k' }, { promptCacheKey: 'k' }],
    ['plain text as form', { response_format: { type: 'text' } }, { responseFormat: { type: 'text' } }],
    ['trap 119: some JSON', { response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
    [
      'trap 119: JSON of a schema',
      {
        response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
      },
      { responseFormat: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true } },
    ],
    ['an effort', { reasoning_effort: 'high' }, { reasoning: { effort: 'high' } }],
    ['trap 96: a word of tomorrow', { reasoning_effort: 'ludicrous' }, { reasoning: { effort: 'ludicrous' } }],
    [
      'OpenRouter’s thoughts',
      { reasoning: { max_tokens: 2000, exclude: true } },
      { reasoning: { budgetTokens: 2000, display: 'omitted' } },
    ],
    ['OpenRouter’s switch', { reasoning: { enabled: false } }, { reasoning: { mode: 'off' } }],
    ['lesson 44: GLM’s and Kimi’s switch', { thinking: { type: 'enabled' } }, { reasoning: { mode: 'on' } }],
    [
      'a switch with a budget',
      { thinking: { type: 'enabled', budget_tokens: 4 } },
      { reasoning: { mode: 'on', budgetTokens: 4 } },
    ],
    ['a switch left to the model', { thinking: { type: 'adaptive' } }, { reasoning: { mode: 'adaptive' } }],
    ['lesson 39: Qwen’s switch', { enable_thinking: false }, { reasoning: { mode: 'off' } }],
  ]
  for (const [title, wire, settings] of SETTINGS) {
    it(`with ${title}`, () => expect(decodeWith(wire).settings).to.deep.equal(settings))
  }

  it('trap 112: and says which limit did not count', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 9, max_completion_tokens: 5 }
    expect(sketchLosses(openaiChat.request.decode(WIRE, body).losses)).to.deep.equal([
      'settings.maxOutputTokens: dropped',
    ])
  })

  const CHOICES: readonly (readonly [title: string, wire: unknown, choice: object])[] = [
    ['auto', 'auto', { type: 'auto' }],
    ['trap 116: none', 'none', { type: 'none' }],
    ['trap 116: required', 'required', { type: 'required' }],
    ['Q34: Mistral’s any', 'any', { type: 'required' }],
    ['trap 116: one function', { type: 'function', function: { name: 'f' } }, { type: 'tool', name: 'f' }],
    ['Q34: one function without type', { function: { name: 'f' } }, { type: 'tool', name: 'f' }],
    ['one custom tool', { type: 'custom', custom: { name: 'c' } }, { type: 'tool', name: 'c' }],
    ['X2: Anthropic’s any', { type: 'any' }, { type: 'required' }],
    ['X2: Anthropic’s tool', { type: 'tool', name: 'f' }, { type: 'tool', name: 'f' }],
    [
      'defect 13: some of the tools',
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      { type: 'allowed', mode: 'auto', names: ['f'] },
    ],
  ]
  for (const [title, wire, choice] of CHOICES) {
    it(`with the tool choice ${title}`, () =>
      expect(decodeWith({ tool_choice: wire }).toolChoice).to.deep.equal(choice))
  }

  it('and says which of the allowed tools cannot be chosen by name', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }, { type: 'web_search' }]
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } }
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], tool_choice: choice }
    const { value, losses } = openaiChat.request.decode(WIRE, body)
    expect(value.toolChoice).to.deep.equal({ type: 'allowed', mode: 'auto', names: ['f'] })
    expect(sketchLosses(losses)).to.deep.equal(['tool_choice.allowed_tools.tools.1: dropped'])
  })

  it('trap 118: with one call at a time, told in either way', () => {
    expect(decodeWith({ parallel_tool_calls: false }).parallelToolCalls).to.equal(false)
    const { parallelToolCalls } = decodeWith({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } })
    expect(parallelToolCalls).to.equal(false)
  })

  it('X2: with a system text beside the messages, before them', () => {
    expect(bare(decodeWith({ system: 'Be kind.' }).messages[0])).to.deep.equal({
      role: 'system',
      parts: [{ type: 'text', text: 'Be kind.' }],
    })
    const listed = decodeWith({
      system: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b', cache_control: { type: 'ephemeral' } },
      ],
    })
    expect(bare(listed.messages[0])?.parts).to.deep.equal([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache: {} },
    ])
    expect(listed.messages.map(({ role }) => role)).to.deep.equal(['system', 'user'])
  })

  it('with a stream and its counters only where they are asked for', () => {
    expect(decodeWith({})).to.include({ stream: false, streamUsage: false })
    expect(decodeWith({ stream: true })).to.include({ stream: true, streamUsage: false })
    expect(decodeWith({ stream: true, stream_options: { include_usage: true } })).to.include({ streamUsage: true })
  })

  it('trap 125: with unknown members kept for this protocol', () => {
    expect(decodeWith({ min_p: 0.1, provider: { order: ['x'] }, 'a.b': 1 }).extra).to.deep.equal({
      protocol: OWN,
      fields: { min_p: 0.1, provider: { order: ['x'] }, 'a.b': 1 },
    })
  })

  it('F11: with a member called __proto__ that changes nothing', () => {
    const body = JSON.parse('{"model":"m","messages":[{"role":"user","content":"Hi"}],"__proto__":{"stream":true}}')
    const { value } = openaiChat.request.decode(WIRE, body)
    expect(value.stream).to.equal(false)
    const sent = openaiChat.request.encode(value, {}).body
    expect(Object.hasOwn(sent, '__proto__')).to.equal(true)
    expect(JSON.stringify(sent)).to.include('"__proto__":{"stream":true}')
  })
})

describe('tools are read', () => {
  const TOOLS: readonly (readonly [title: string, wire: object, tool: object])[] = [
    [
      'a function',
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
      { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
    ],
    [
      'defect 13: a function without parameters',
      { type: 'function', function: { name: 'f' } },
      { type: 'function', name: 'f' },
    ],
    [
      'Q34: a function without type',
      { function: { name: 'f', parameters: {} } },
      { type: 'function', name: 'f', parameters: {} },
    ],
    [
      'X2: Anthropic’s form',
      { name: 'f', input_schema: { type: 'object' } },
      { type: 'function', name: 'f', parameters: { type: 'object' } },
    ],
    [
      'the flat form of Responses',
      { type: 'function', name: 'f', parameters: { type: 'object' } },
      { type: 'function', name: 'f', parameters: { type: 'object' } },
    ],
    [
      'defect 13: a custom tool',
      { type: 'custom', custom: { name: 'c', format: { type: 'text' } } },
      { type: 'freeform', name: 'c', format: { type: 'text' } },
    ],
    [
      'trap 48: a tool of the back end',
      { type: 'openrouter:web_search', parameters: { n: 1 } },
      {
        type: 'hosted',
        name: 'openrouter:web_search',
        protocol: OWN,
        value: { type: 'openrouter:web_search', parameters: { n: 1 } },
      },
    ],
    [
      'trap 150: with a cache mark',
      { type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'function', name: 'f', cache: { ttl: '1h' } },
    ],
  ]
  for (const [title, wire, tool] of TOOLS) {
    it(title, () => expect(bare(decodeWith({ tools: [wire] }).tools)).to.deep.equal([tool]))
  }

  it('Q31: the functions of old are tools too', () => {
    const request = decodeWith({
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
    })
    expect(bare(request.tools)).to.deep.equal([{ type: 'function', name: 'f', parameters: { type: 'object' } }])
    expect(request.toolChoice).to.deep.equal({ type: 'tool', name: 'f' })
  })

  it('trap 148: schemas are kept as they are, order and all', () => {
    const parameters = { required: ['b', 'a'], properties: { b: {}, a: {} }, type: 'object', $comment: 'x' }
    const [tool] = decodeWith({ tools: [{ type: 'function', function: { name: 'f', parameters } }] }).tools!
    expect(JSON.stringify(tool?.type === 'function' && tool.parameters)).to.equal(JSON.stringify(parameters))
  })
})

describe('messages are read', () => {
  const read = (...messages: object[]): any[] => bare(decodeWith({ messages }).messages)

  it('lesson 37: every role, where it stands', () => {
    const messages = read(
      { role: 'developer', content: 'd' },
      { role: 'user', content: 'u' },
      { role: 'system', content: 's' },
      { role: 'assistant', content: 'a' },
    )
    expect(messages.map(({ role }) => role)).to.deep.equal(['developer', 'user', 'system', 'assistant'])
  })

  const PARTS: readonly (readonly [title: string, wire: object, part: object])[] = [
    ['text', { type: 'text', text: 'a' }, { type: 'text', text: 'a' }],
    [
      'a picture by its URL',
      { type: 'image_url', image_url: { url: 'https://a/b.png', detail: 'low' } },
      { type: 'image', source: { type: 'url', url: 'https://a/b.png' }, detail: 'low' },
    ],
    [
      'a picture as bytes',
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    ],
    [
      'Q34: a picture as a bare string',
      { type: 'image_url', image_url: 'https://a/b.png' },
      { type: 'image', source: { type: 'url', url: 'https://a/b.png' } },
    ],
    [
      'trap 131: a sound',
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/mpeg', data: 'AAAA' } },
    ],
    [
      'trap 130: a document',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' }, filename: 'a.pdf' },
    ],
    [
      'an uploaded document',
      { type: 'file', file: { file_id: 'file-1' } },
      { type: 'file', source: { type: 'file-id', id: 'file-1', protocol: OWN } },
    ],
    [
      'Q34: Mistral’s document',
      { type: 'document_url', document_url: 'https://a/b.pdf', document_name: 'b' },
      { type: 'file', source: { type: 'url', url: 'https://a/b.pdf' }, filename: 'b' },
    ],
    [
      'Q34: Mistral’s thought',
      {
        type: 'thinking',
        thinking: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { type: 'reasoning', text: 'ab' },
    ],
    ['defect 13: a refusal', { type: 'refusal', refusal: 'no' }, { type: 'refusal', text: 'no' }],
    [
      'an unknown part',
      { type: 'video_url', video_url: { url: 'x' } },
      { type: 'opaque', protocol: OWN, value: { type: 'video_url', video_url: { url: 'x' } } },
    ],
    [
      'a cache mark',
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'a', cache: {} },
    ],
    [
      'members of tomorrow',
      { type: 'text', text: 'a', mood: 1 },
      { type: 'text', text: 'a', extra: { protocol: OWN, fields: { mood: 1 } } },
    ],
  ]
  for (const [title, wire, part] of PARTS) {
    it(`a content list with ${title}`, () => {
      const [message] = read({ role: 'assistant', content: [wire] })
      expect(message.parts).to.deep.equal([part])
    })
  }

  it('calls, with arguments as their text or as an object (trap 45), empty ones as {} (trap 38)', () => {
    const call = (args: unknown, id: string) => ({ id, type: 'function', function: { name: 'f', arguments: args } })
    const [message] = read({
      role: 'assistant',
      content: null,
      tool_calls: [call('{"a":1}', 'a'), call({ b: 2 }, 'b'), call('', 'c')],
    })
    expect(message.parts).to.deep.equal([
      { type: 'tool-call', id: 'a', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'b', name: 'f', arguments: '{"b":2}' },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}' },
    ])
  })

  it('lesson 26: arguments that are no JSON, as the model wrote them', () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"t":"it\'s' } }]
    expect(read({ role: 'assistant', tool_calls: calls })[0].parts[0].arguments).to.equal('{"t":"it\'s')
  })

  it('trap 46: custom calls and their raw text', () => {
    const calls = [{ id: 'a', type: 'custom', custom: { name: 'patch', input: '*** Begin' } }]
    expect(read({ role: 'assistant', tool_calls: calls })[0].parts).to.deep.equal([
      { type: 'tool-call', id: 'a', name: 'patch', arguments: '*** Begin', freeform: true },
    ])
  })

  it('tool results, as text or as a list with pictures (Q34)', () => {
    const [, text, list] = read(
      { role: 'user', content: 'u' },
      { role: 'tool', tool_call_id: 'a', content: 'ok', name: 'f' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'image_url', image_url: { url: 'https://a' } }] },
    )
    expect(text).to.deep.equal({
      role: 'tool',
      parts: [{ type: 'tool-result', callId: 'a', name: 'f', content: [{ type: 'text', text: 'ok' }] }],
    })
    expect(list.parts[0].content).to.deep.equal([{ type: 'image', source: { type: 'url', url: 'https://a' } }])
  })

  it('trap 72: a tool result without content', () => {
    const [empty, absent] = read(
      { role: 'tool', tool_call_id: 'a', content: null },
      { role: 'tool', tool_call_id: 'b' },
    )
    expect([empty.parts[0].content, absent.parts[0].content]).to.deep.equal([[], []])
  })

  it('Q31: the call of old and its answer, which share an id that is made', () => {
    const [call, answer] = read(
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: '42' },
    )
    expect(call.parts[0]).to.include({ type: 'tool-call', name: 'f', arguments: '{}' })
    expect(answer.role).to.equal('tool')
    expect(answer.parts[0].callId).to.equal(call.parts[0].id)
  })

  it('trap 43: made ids are the same whenever the same history comes', () => {
    const history = { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } }
    expect(read(history)[0].parts[0].id).to.equal(read(history)[0].parts[0].id)
    const [first, , second] = read(history, { role: 'function', name: 'f', content: '1' }, history)
    expect(first.parts[0].id).to.not.equal(second.parts[0].id)
  })

  it('lesson 28: an empty id counts as missing', () => {
    const calls = [{ id: '', type: 'function', function: { name: 'f', arguments: '{}' } }]
    expect(read({ role: 'assistant', tool_calls: calls })[0].parts[0].id).to.match(/^call_[0-9a-f]{24}$/)
  })
})
