import { expect } from 'chai'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatSettings } from '../../../protocols/ir/request.ts'
import type { Tool, ToolChoice } from '../../../protocols/ir/tool.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import { CHAT, decodeWith, encodeWith, failureOf, sendOn, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const text = (value: string): Part => ({ type: 'text', text: value })
const LOOK: Tool = { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' } }
const HEAR: Tool = { type: 'function', name: 'hear' }

/** Settings of a client of another protocol, what they become, and what is lost. */
const SETTINGS: readonly (readonly [ChatSettings, object, readonly string[], ModelFacts?])[] = [
  [{ maxOutputTokens: 50 }, { options: { num_predict: 50 } }, []],
  [
    { maxOutputTokens: 50 },
    { options: { num_predict: 20 } },
    ['settings.maxOutputTokens: changed'],
    { maxOutputTokens: 20 },
  ],
  [
    { temperature: 0, topP: 1, topK: 5, seed: 0, presencePenalty: 1, frequencyPenalty: 2 },
    { options: { temperature: 0, top_p: 1, top_k: 5, seed: 0, presence_penalty: 1, frequency_penalty: 2 } },
    [],
  ],
  [{ stop: ['a'] }, { options: { stop: ['a'] } }, []],
  [{ logprobs: true, topLogprobs: 2 }, { logprobs: true, top_logprobs: 2 }, []],
  [{ logitBias: { 5: 1 } }, {}, ['settings.logitBias: dropped']],
  [{ logitBias: {}, metadata: {}, store: false, candidates: 1 }, {}, []],
  [{ candidates: 2 }, {}, ['settings.candidates: dropped']],
  [{ responseFormat: { type: 'text' } }, {}, []],
  [{ responseFormat: { type: 'json' } }, { format: 'json' }, []],
  [
    { responseFormat: { type: 'json-schema', schema: { type: 'array' }, name: 'list', strict: true } },
    { format: { type: 'array' } },
    [],
  ],
  [
    { responseFormat: { type: 'json-schema', schema: { type: 'array' }, description: 'A list.' } },
    { format: 'json' },
    ['settings.responseFormat.description: dropped', 'settings.responseFormat: changed'],
    { capabilities: { jsonSchema: false } },
  ],
  [{ reasoning: { mode: 'on' } }, { think: true }, []],
  [{ reasoning: { mode: 'off' } }, { think: false }, []],
  [{ reasoning: { effort: 'none' } }, { think: false }, []],
  [{ reasoning: { mode: 'adaptive' } }, {}, []],
  [{ reasoning: { effort: 'low' } }, { think: true }, ['settings.reasoning: changed']],
  [{ reasoning: { effort: 'low' } }, { think: 'low' }, [], { efforts: ['low', 'high'] }],
  [{ reasoning: { mode: 'on', budgetTokens: 900 } }, { think: true }, ['settings.reasoning: changed']],
  [{ reasoning: { mode: 'on' } }, {}, ['settings.reasoning: changed'], { capabilities: { reasoning: false } }],
  [{ reasoning: { mode: 'off' } }, { think: false }, [], { capabilities: { reasoning: false } }],
  [
    { verbosity: 'low', userId: 'u', metadata: { a: 1 }, store: true, serviceTier: 'flex', promptCacheKey: 'k' },
    {},
    ['verbosity', 'userId', 'metadata', 'store', 'serviceTier', 'promptCacheKey'].map(
      (name) => `settings.${name}: dropped`,
    ),
  ],
]

describe('settings written for Ollama', () => {
  for (const [settings, members, losses, facts = {}] of SETTINGS) {
    it(`${JSON.stringify(settings).slice(0, 90)} become ${JSON.stringify(members)}${losses.length > 0 ? ', told' : ''}`, () => {
      const sent = encodeWith({ settings }, facts)
      expect(sent.body).to.deep.equal({
        model: 'm',
        messages: [{ role: 'user', content: 'Hi' }],
        stream: false,
        ...members,
      })
      expect(sketchLosses(sent.losses)).to.have.members(losses)
      if (hasRecordings) expect(loadSchema('request')(sent.body)).to.equal(undefined)
    })
  }

  it('trap 135: tell the context that the model has, as the server else cuts without a word', () => {
    expect(encodeWith({}, { contextTokens: 32_768 }).body.options).to.deep.equal({ num_ctx: 32_768 })
    // A client of Ollama's own that does not say wants what the server is set up with.
    expect(sendOn(CHAT, { model: 'm', messages: [] }, { contextTokens: 32_768 }).body).to.not.have.property('options')
  })

  it('leave out what a provider refuses', () => {
    const sent = encodeWith({ settings: { logprobs: true } }, { refuses: ['logprobs', 'think'] })
    expect(sent.body).to.not.have.property('logprobs')
    expect(sketchLosses(sent.losses)).to.deep.equal(['logprobs: dropped'])
  })
})

describe('messages written for Ollama', () => {
  const send = (...messages: Message[]) => {
    const { body, losses } = encodeWith({ messages })
    return { messages: body.messages, losses: sketchLosses(losses) }
  }

  it('say a developer as the system, told', () => {
    expect(send({ role: 'developer', parts: [text('a'), text('b')] })).to.deep.equal({
      messages: [{ role: 'system', content: 'a\n\nb' }],
      losses: ['messages.0.role: changed'],
    })
  })

  it('tell results of tools by name and id, before what the user says beside them', () => {
    const told = send(
      {
        role: 'assistant',
        parts: [
          text('Let me '),
          text('look.'),
          { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"at":1}' },
          { type: 'tool-call', id: 'c2', name: 'hear', arguments: '' },
        ],
      },
      {
        role: 'user',
        parts: [
          text('And?'),
          { type: 'tool-result', callId: 'c2', content: [] },
          { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'x' }], isError: true },
        ],
      },
    )
    expect(told.messages).to.deep.equal([
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'c1', function: { name: 'look', arguments: { at: 1 } } },
          { id: 'c2', function: { name: 'hear', arguments: {} } },
        ],
      },
      { role: 'tool', content: '', tool_name: 'hear', tool_call_id: 'c2' },
      { role: 'tool', content: 'x', tool_name: 'look', tool_call_id: 'c1' },
      { role: 'user', content: 'And?' },
    ])
    expect(told.losses).to.deep.equal(['messages.1.parts.2.isError: dropped'])
  })

  it('keep the picture of a result with it (Q34)', () => {
    const image = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'iVBO' } } as const
    const told = send({ role: 'tool', parts: [{ type: 'tool-result', callId: 'c', name: 'look', content: [image] }] })
    expect(told).to.deep.equal({
      messages: [{ role: 'tool', content: '', images: ['iVBO'], tool_name: 'look', tool_call_id: 'c' }],
      losses: [],
    })
  })

  it('tell thoughts, without proofs of others', () => {
    const told = send({
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'Hm.', signature: 's', issuer: 'anthropic' },
        { type: 'reasoning', text: '', encrypted: 'e', issuer: 'openai' },
        text('Yes.'),
      ],
    })
    expect(told).to.deep.equal({
      messages: [{ role: 'assistant', content: 'Yes.', thinking: 'Hm.' }],
      losses: ['messages.0.parts.0.signature: dropped', 'messages.0.parts.1.encrypted: dropped'],
    })
  })

  const PARTS: readonly (readonly [title: string, part: Part, message: object, losses: readonly string[]])[] = [
    [
      'a picture by its address',
      { type: 'image', source: { type: 'url', url: 'https://a/b.png' } },
      { content: '' },
      [': dropped'],
    ],
    [
      'a picture with its detail',
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aa' }, detail: 'low' },
      { content: '', images: ['aa'] },
      ['.detail: dropped'],
    ],
    [
      'a sound',
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'aa' } },
      { content: '' },
      [': dropped'],
    ],
    [
      'a sound with what is said in it',
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'aa' }, transcript: 'Hi' },
      { content: 'Hi' },
      [': changed'],
    ],
    [
      'a document in plain text',
      { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'Once' }, filename: 'a.txt' },
      { content: 'a.txt\n\nOnce' },
      [': changed'],
    ],
    [
      'a document in bytes',
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'aa' } },
      { content: '' },
      [': dropped'],
    ],
    ['a refusal', { type: 'refusal', text: 'No.' }, { content: 'No.' }, [': changed']],
    ['a block of another protocol', { type: 'opaque', protocol: 'other', value: {} }, { content: '' }, [': dropped']],
    ['a cache mark', { type: 'text', text: 'a', cache: {} }, { content: 'a' }, ['.cache: dropped']],
    [
      'a field of another protocol',
      { type: 'text', text: 'a', extra: { protocol: 'other', fields: { b: 1 } } },
      { content: 'a' },
      ['.b: dropped'],
    ],
    [
      'a signed text',
      { type: 'text', text: 'a', signature: 's', citations: [{ original: { protocol: 'x', value: 1 } }] },
      { content: 'a' },
      ['.signature: dropped', '.citations: dropped'],
    ],
    [
      'a call with raw text',
      { type: 'tool-call', id: 'c', name: 'f', arguments: 'raw', freeform: true, namespace: 'n', signature: 's' },
      { content: '', tool_calls: [{ id: 'c', function: { name: 'f', arguments: { input: 'raw' } } }] },
      ['.namespace: dropped', '.signature: dropped'],
    ],
  ]
  for (const [title, part, message, losses] of PARTS) {
    it(`tell ${title} as they can, and what they cannot`, () => {
      expect(send({ role: 'user', parts: [part] })).to.deep.equal({
        messages: [{ role: 'user', ...message }],
        losses: losses.map((loss) => `messages.0.parts.0${loss}`),
      })
    })
  }
})

describe('tools written for Ollama', () => {
  it('have a schema, as the server demands one', () => {
    const { body } = encodeWith({ tools: [LOOK, HEAR] })
    expect(body.tools).to.deep.equal([
      {
        type: 'function',
        function: { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } },
      },
      { type: 'function', function: { name: 'hear', parameters: { type: 'object', properties: {} } } },
    ])
    if (hasRecordings) expect(loadSchema('request')(body)).to.equal(undefined)
  })

  const CHOICES: readonly (readonly [ToolChoice, readonly string[], readonly string[]])[] = [
    [{ type: 'auto' }, ['look', 'hear'], []],
    [{ type: 'none' }, [], ['toolChoice: changed']],
    [{ type: 'required' }, ['look', 'hear'], ['toolChoice: dropped']],
    [{ type: 'tool', name: 'hear' }, ['hear'], ['toolChoice: changed']],
    [{ type: 'allowed', mode: 'auto', names: ['look'] }, ['look'], ['toolChoice: changed']],
  ]
  for (const [toolChoice, names, losses] of CHOICES) {
    it(`are those that the choice ${toolChoice.type} leaves`, () => {
      const sent = encodeWith({ tools: [LOOK, HEAR], toolChoice })
      expect((sent.body.tools ?? []).map((tool: any) => tool.function.name)).to.deep.equal(names)
      expect(sketchLosses(sent.losses)).to.deep.equal(losses)
    })
  }

  it('are told without what they cannot be told with', () => {
    const tools: Tool[] = [
      { type: 'freeform', name: 'patch', namespace: 'n' },
      { type: 'hosted', name: 'search', protocol: 'other', value: {} },
      { ...LOOK, strict: true, cache: {} } as Tool,
    ]
    const sent = encodeWith({ tools, parallelToolCalls: false })
    expect(sent.body.tools.map((tool: any) => tool.function.name)).to.deep.equal(['patch', 'look'])
    expect(sent.body.tools[0].function.parameters.properties).to.deep.equal({ input: { type: 'string' } })
    expect(sketchLosses(sent.losses)).to.deep.equal([
      'tools.0.namespace: changed',
      'tools.0: changed',
      'tools.1: dropped',
      'tools.2.cache: dropped',
      'tools.2.strict: dropped',
      'parallelToolCalls: dropped',
    ])
  })

  for (const choice of ['auto', 'none', 'required', 'any', { type: 'function', function: { name: 'look' } }]) {
    it(`K61: go back with the choice ${JSON.stringify(choice)} of a client, though the server has none`, () => {
      const body = {
        model: 'm',
        messages: [{ role: 'user', content: 'Hi' }],
        tools: [{ type: 'function', function: { name: 'look', parameters: {} } }],
        tool_choice: choice,
      }
      expect(sendOn(CHAT, body)).to.deep.equal({ body, losses: [] })
    })
  }

  it('K61: are chosen among as a client of Ollama asked it of another protocol', () => {
    expect(decodeWith({ tool_choice: 'required' }).toolChoice).to.deep.equal({ type: 'required' })
    const named = { type: 'function', function: { name: 'look' } }
    expect(decodeWith({ tool_choice: named }).toolChoice).to.deep.equal({ type: 'tool', name: 'look' })
    expect(decodeWith({ tool_choice: 'any' })).to.not.have.property('toolChoice')
  })
})

describe('the address of a call to Ollama', () => {
  const address = (call: object) => ollama.request.address({ model: 'm', stream: false, operation: 'chat', ...call })

  it('is that of chat, whatever another protocol asked', () => {
    expect(address({})).to.deep.equal({
      method: 'POST',
      path: '/api/chat',
      query: '',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    })
    expect(address({ stream: true }).headers.accept).to.equal('application/x-ndjson')
    expect(address({ operation: 'embed' }).path).to.equal('/api/embed')
  })

  for (const endpoint of ollama.endpoints.filter(({ operation }) => operation === 'chat' || operation === 'embed')) {
    it(`is ${endpoint.path} for its own request`, () => {
      const wire = { ...CHAT, endpoint }
      expect(address({ wire, operation: endpoint.operation }).path).to.equal(endpoint.path)
    })
  }

  it('is nowhere for counting tokens', () => {
    expect(failureOf(() => address({ operation: 'count-tokens' }))).to.include({ kind: 'not-implemented' })
  })
})
