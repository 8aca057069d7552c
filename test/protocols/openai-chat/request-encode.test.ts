import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part, ToolResultContent } from '../../../protocols/ir/part.ts'
import type { ChatSettings } from '../../../protocols/ir/request.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { completeConversation } from '../../support/complete-conversation.ts'
import { encodeWith, sendOn, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const text = (words: string): Part => ({ type: 'text', text: words })
const user = (...parts: Part[]): Message => ({ role: 'user', parts })
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts })
const call = (id: string, name = 'f', args = '{}'): Part => ({ type: 'tool-call', id, name, arguments: args })
const result = (callId: string, ...content: ToolResultContent[]): Part => ({ type: 'tool-result', callId, content })
const picture: Part & ToolResultContent = {
  type: 'image',
  source: { type: 'base64', mediaType: 'image/png', data: 'AA' },
}
const PICTURE_URL = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }

/** Messages that came from a client of another protocol. */
function encodeMessages(messages: readonly Message[], facts: object = {}) {
  const whole = completeConversation(messages)
  const { body, losses } = encodeWith({ messages: whole.messages }, facts)
  const lead = whole.calls > 0 ? 1 : 0
  const shift = (path: string) => path.replace(/^messages\.(\d+)/, (_all, index) => `messages.${Number(index) - lead}`)
  return {
    messages: body.messages.slice(lead, body.messages.length - whole.results),
    losses: sketchLosses(losses.map((loss) => ({ ...loss, path: shift(loss.path) }))),
  }
}

function encodeSettings(settings: ChatSettings, facts: object = {}) {
  const { body, losses } = encodeWith({ settings }, facts)
  const { model: _model, messages: _messages, ...others } = body
  return { settings: others, losses: sketchLosses(losses), reasons: losses.map(({ reason }) => reason) }
}

describe('a message of another protocol becomes one of this', () => {
  it('a single text is a string, several of a user are a list', () => {
    const { messages } = encodeMessages([user(text('a')), user(text('a'), text('b'))])
    expect(messages).to.deep.equal([
      { role: 'user', content: 'a' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ])
  })

  it('several texts of an assistant are one, without anything between (Q61)', () => {
    expect(encodeMessages([assistant(text('a'), text('b'))]).messages).to.deep.equal([
      { role: 'assistant', content: 'ab' },
    ])
  })

  it('trap 79: system text in blocks is one text with the blocks as paragraphs', () => {
    const system: Message = { role: 'system', parts: [text('a'), text('b')] }
    expect(encodeMessages([system]).messages).to.deep.equal([{ role: 'system', content: 'a\n\nb' }])
  })

  it('trap 73: an empty text is left out', () => {
    expect(encodeMessages([user(text(''), text('a'))]).messages).to.deep.equal([{ role: 'user', content: 'a' }])
  })

  it('trap 54, trap 74: content is null beside calls, and a string without', () => {
    expect(encodeMessages([assistant(call('c'))]).messages[0]).to.deep.equal({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    })
    expect(encodeMessages([assistant()]).messages[0]).to.deep.equal({ role: 'assistant', content: '' })
  })

  it('trap 146: text beside calls stays, and what came after a call is told before it', () => {
    const sent = encodeMessages([assistant(text('a'), call('c'), text('b'))])
    expect(sent.messages[0].content).to.equal('ab')
    expect(sent.losses).to.deep.equal(['messages.0.parts.2: changed'])
  })

  const ROLES: readonly (readonly [title: string, facts: object, role: string, losses: string[]])[] = [
    ['system where nobody knows', {}, 'system', ['messages.0.role: changed']],
    ['system where it is not known', { developerRole: false }, 'system', ['messages.0.role: changed']],
    ['itself where it is known', { developerRole: true }, 'developer', []],
  ]
  for (const [title, facts, role, losses] of ROLES) {
    it(`trap 77: the role developer becomes ${title}`, () => {
      const sent = encodeMessages([{ role: 'developer', parts: [text('a')] }], facts)
      expect(sent).to.deep.equal({ messages: [{ role, content: 'a' }], losses })
    })
  }

  it('trap 77: of this protocol’s own client it stays, but where the model is known not to know it', () => {
    const messages = [{ role: 'developer', content: 'a' }]
    expect(sendOn({ messages }).body.messages).to.deep.equal(messages)
    expect(sendOn({ messages }, { developerRole: false }).body.messages[0].role).to.equal('system')
  })

  it('trap 76: system text in the middle stays where it is', () => {
    const { messages } = encodeMessages([user(text('a')), { role: 'system', parts: [text('s')] }])
    expect(messages.map(({ role }: any) => role)).to.deep.equal(['user', 'system'])
  })

  const MEDIA: readonly (readonly [title: string, part: Part, wire: object | undefined, loss?: string])[] = [
    ['a picture as bytes', picture, PICTURE_URL],
    [
      'a picture by URL',
      { type: 'image', source: { type: 'url', url: 'https://a' }, detail: 'high' },
      { type: 'image_url', image_url: { url: 'https://a', detail: 'high' } },
    ],
    [
      'a picture that lies elsewhere',
      { type: 'image', source: { type: 'file-id', id: 'x', protocol: 'other' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'trap 131: a sound',
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/x-wav', data: 'AA' } },
      { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
    ],
    [
      'a sound by URL',
      { type: 'audio', source: { type: 'url', url: 'https://a' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'trap 130: a document',
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA' } },
      { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA' } },
    ],
    [
      'a document in plain text',
      { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'words' }, filename: 'a.txt' },
      { type: 'text', text: 'a.txt\n\nwords' },
      'messages.0.parts.1: changed',
    ],
    [
      'a document by URL',
      { type: 'file', source: { type: 'url', url: 'https://a' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'a document that lies elsewhere',
      { type: 'file', source: { type: 'file-id', id: 'x', protocol: 'other' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'a block of another protocol',
      { type: 'opaque', protocol: 'other', value: {} },
      undefined,
      'messages.0.parts.1: dropped',
    ],
  ]
  for (const [title, part, wire, loss] of MEDIA) {
    it(title, () => {
      const sent = encodeMessages([user(text('a'), part)])
      expect(sent.messages[0].content).to.deep.equal(wire === undefined ? 'a' : [{ type: 'text', text: 'a' }, wire])
      expect(sent.losses).to.deep.equal(loss === undefined ? [] : [loss])
    })
  }

  it('what an assistant cannot show here is reported, each thing by its place', () => {
    const file: Part = { type: 'file', source: { type: 'url', url: 'https://a' } }
    const audio: Part = { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA' } }
    const sent = encodeMessages([assistant(text('a'), picture, file, audio, result('c'))])
    expect(sent.messages).to.deep.equal([{ role: 'assistant', content: 'a' }])
    expect(sent.losses).to.deep.equal([1, 2, 3, 4].map((index) => `messages.0.parts.${index}: dropped`))
  })

  it('trap 150: cache marks go to those who read them, and are reported to others', () => {
    const marked: Part = { type: 'text', text: 'a', cache: { ttl: '1h' } }
    expect(encodeMessages([user(marked)])).to.deep.equal({
      messages: [{ role: 'user', content: 'a' }],
      losses: ['messages.0.parts.0.cache: dropped'],
    })
    expect(encodeMessages([user(marked)], { cacheMarks: true })).to.deep.equal({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      ],
      losses: [],
    })
  })

  it('signatures and citations on text are reported', () => {
    const citation = { url: 'u', original: { protocol: 'other', value: {} } }
    const part: Part = { type: 'text', text: 'a', signature: 's', citations: [citation] }
    expect(encodeMessages([user(part)]).losses).to.deep.equal([
      'messages.0.parts.0.signature: dropped',
      'messages.0.parts.0.citations: dropped',
    ])
  })

  it('members that another protocol kept are reported by their names', () => {
    const extra = { protocol: 'other', fields: { mood: 1 } }
    const sent = encodeMessages([{ ...user({ type: 'text', text: 'a', extra }), extra }])
    expect(sent.losses).to.have.members(['messages.0.mood: dropped', 'messages.0.parts.0.mood: dropped'])
  })
})

describe('tool results of another protocol', () => {
  it('trap 66, trap 67: come first, each in a message of its own, and what the user said beside them comes after', () => {
    const { messages } = encodeMessages([
      assistant(call('a'), call('b')),
      user(text('and?'), result('a', { type: 'text', text: '1' }), result('b', { type: 'text', text: '2' })),
    ])
    expect(messages.slice(1)).to.deep.equal([
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: 'and?' },
    ])
  })

  it('trap 71: pictures move behind all results of the turn, and the move is reported', () => {
    const sent = encodeMessages([
      assistant(call('a'), call('b')),
      { role: 'tool', parts: [result('a', picture)] },
      { role: 'tool', parts: [result('b', { type: 'text', text: '2' })] },
      user(text('and?')),
    ])
    expect(sent.messages.slice(1)).to.deep.equal([
      { role: 'tool', tool_call_id: 'a', content: 'See the content of a below.' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: [{ type: 'text', text: 'Content of the tool result a:' }, PICTURE_URL] },
      { role: 'user', content: 'and?' },
    ])
    expect(sent.losses).to.deep.equal(['messages.1.parts.0.content.0: changed'])
  })

  it('trap 71: pictures stand before what the user said in the same message', () => {
    const { messages } = encodeMessages([user(result('a', { type: 'text', text: 'see' }, picture), text('and?'))])
    expect(messages).to.deep.equal([
      { role: 'tool', tool_call_id: 'a', content: 'see' },
      {
        role: 'user',
        content: [{ type: 'text', text: 'Content of the tool result a:' }, PICTURE_URL, { type: 'text', text: 'and?' }],
      },
    ])
  })

  it('trap 71: pictures at the end of the conversation are told too', () => {
    const { messages } = encodeMessages([user(result('a', picture))])
    expect(messages.map(({ role }: any) => role)).to.deep.equal(['tool', 'user'])
  })

  it('trap 70: only the first result of a call counts, in each turn (Q23: ids come again)', () => {
    const ok = result('a', { type: 'text', text: '1' })
    const sent = encodeMessages([user(ok, ok), assistant(call('a')), user(ok)])
    expect(sent.messages.map(({ role }: any) => role)).to.deep.equal(['tool', 'assistant', 'tool'])
    expect(sent.losses).to.deep.equal(['messages.0.parts.1: dropped'])
  })

  it('a failure cannot be told but by the text', () => {
    const failed: Part = {
      type: 'tool-result',
      callId: 'a',
      content: [{ type: 'text', text: 'no such file' }],
      isError: true,
    }
    const sent = encodeMessages([user(failed)])
    expect(sent.messages).to.deep.equal([{ role: 'tool', tool_call_id: 'a', content: 'no such file' }])
    expect(sent.losses).to.deep.equal(['messages.0.parts.0.isError: dropped'])
  })

  it('a result without content is an empty text, several texts are lines', () => {
    const two = result('b', { type: 'text', text: '1' }, { type: 'text', text: '2' })
    expect(encodeMessages([user(result('a'), two)]).messages.map(({ content }: any) => content)).to.deep.equal([
      '',
      '1\n2',
    ])
  })

  it('trap 150: a cache mark on a result is one on its text', () => {
    const marked: Part = { ...(result('a', { type: 'text', text: '1' }) as Part), cache: {} }
    const [message] = encodeMessages([user(marked)], { cacheMarks: true }).messages
    expect(message.content).to.deep.equal([{ type: 'text', text: '1', cache_control: { type: 'ephemeral' } }])
    expect(encodeMessages([user(marked)]).losses).to.deep.equal(['messages.0.parts.0.cache: dropped'])
  })

  it('trap 42: ids beyond 40 characters are shortened, the same for call and result, and never alike', () => {
    const long = `toolu_${'x'.repeat(50)}`
    const other = `toolu_${'x'.repeat(49)}y`
    const { messages } = encodeMessages([assistant(call(long), call(other)), user(result(long), result(other))])
    const [first, second] = messages[0].tool_calls.map(({ id }: any) => id)
    expect(first).to.match(/^call_[0-9a-f]{24}$/)
    expect(first).to.not.equal(second)
    expect(messages.slice(1).map((one: any) => one.tool_call_id)).to.deep.equal([first, second])
  })

  it('ids of up to 40 characters stay, whatever they are made of', () => {
    const id = `toolu.${'ü'.repeat(34)}`
    expect(encodeMessages([assistant(call(id))]).messages[0].tool_calls[0].id).to.equal(id)
  })
})

describe('tools of another protocol', () => {
  function encodeTools(tools: readonly Tool[], others: object = {}, facts: object = {}) {
    const { body, losses } = encodeWith({ tools, ...others }, facts)
    return { body, tools: body.tools, losses: sketchLosses(losses) }
  }
  const schema = { type: 'object', properties: { a: { type: 'string' } } }

  const SCHEMAS: readonly (readonly [title: string, parameters: any, written: object])[] = [
    ['no schema at all', undefined, { type: 'object', properties: {} }],
    ['an empty schema', {}, { type: 'object', properties: {} }],
    ['a schema without properties', { type: 'object' }, { type: 'object', properties: {} }],
    ['a schema without type', { properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
    ['lesson 35: a schema of something else', { type: 'string' }, { type: 'object', properties: {} }],
    [
      'a schema made of others',
      { $ref: '#/$defs/a', $defs: { a: schema } },
      { $ref: '#/$defs/a', $defs: { a: schema } },
    ],
    ['a whole schema', schema, schema],
  ]
  for (const [title, parameters, written] of SCHEMAS) {
    it(`trap 124: ${title} becomes one of an object`, () => {
      const tool: Tool = { type: 'function', name: 'f', ...(parameters === undefined ? {} : { parameters }) }
      expect(encodeTools([tool]).tools[0].function.parameters).to.deep.equal(written)
    })
  }

  it('trap 123: strict goes only where the schema keeps its rules', () => {
    const strict = (parameters: any): Tool => ({ type: 'function', name: 'f', parameters, strict: true })
    const closed = { ...schema, required: ['a'], additionalProperties: false }
    expect(encodeTools([strict(closed)]).tools[0].function.strict).to.equal(true)
    const open = encodeTools([strict(schema)])
    expect(open.tools[0].function).to.not.have.property('strict')
    expect(open.losses).to.deep.equal(['tools.0.strict: dropped'])
    const nested = { ...closed, properties: { a: { type: 'array', items: { anyOf: [schema] } } } }
    expect(encodeTools([strict(nested)]).tools[0].function).to.not.have.property('strict')
    expect(encodeTools([{ ...strict(schema), strict: false } as Tool]).losses).to.deep.equal([])
  })

  it('trap 46: a freeform tool is a custom one', () => {
    const tool: Tool = { type: 'freeform', name: 'patch', description: 'd', format: { type: 'text' } }
    const facts = { freeformTools: true }
    expect(encodeWith({ tools: [tool] }, facts).body.tools).to.deep.equal([
      { type: 'custom', custom: { name: 'patch', description: 'd', format: { type: 'text' } } },
    ])
    const freeform: Part = { type: 'tool-call', id: 'a', name: 'patch', arguments: '*** Begin', freeform: true }
    expect(encodeWith({ messages: [assistant(freeform)] }, facts).body.messages[0].tool_calls).to.deep.equal([
      { id: 'a', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
    ])
  })

  it('trap 46, K36: where nobody knows of custom tools, it is a function with one string, and so are its calls', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' }
    const tool: Tool = { type: 'freeform', name: 'patch', description: 'd', format }
    const freeform: Part = { type: 'tool-call', id: 'a', name: 'patch', arguments: '*** Begin', freeform: true }
    for (const facts of [{}, { freeformTools: false }]) {
      const choice = { toolChoice: { type: 'tool', name: 'patch' } } as const
      const { body, losses } = encodeWith({ tools: [tool], ...choice, messages: [assistant(freeform)] }, facts)
      expect(body.tools[0]).to.include({ type: 'function' })
      expect(body.tools[0].function).to.deep.include({
        name: 'patch',
        parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
      })
      expect(body.tools[0].function.description).to.include(JSON.stringify(format))
      expect(body.tool_choice).to.deep.equal({ type: 'function', function: { name: 'patch' } })
      const [call] = body.messages[0].tool_calls
      expect(call).to.include({ type: 'function' })
      expect(JSON.parse(call.function.arguments)).to.deep.equal({ input: '*** Begin' })
      expect(sketchLosses(losses)).to.include('tools.0: changed')
    }
  })

  it('trap 48: a tool that another protocol’s back end runs is left out and reported', () => {
    const hosted: Tool = { type: 'hosted', name: 'web_search', protocol: 'other', value: {} }
    const sent = encodeTools([hosted, { type: 'function', name: 'f' }])
    expect(sent.tools).to.have.length(1)
    expect(sent.losses).to.deep.equal(['tools.0: dropped'])
  })

  it('trap 117, lesson 36: a choice among no tools is left out and reported, also where all tools were', () => {
    const hosted: Tool = { type: 'hosted', name: 'web_search', protocol: 'other', value: {} }
    for (const tools of [[], [hosted]]) {
      const { body, losses } = encodeWith({ tools, toolChoice: { type: 'required' }, parallelToolCalls: false })
      expect(body).to.not.have.any.keys('tools', 'tool_choice', 'parallel_tool_calls')
      expect(sketchLosses(losses)).to.include.members(['toolChoice: dropped', 'parallelToolCalls: dropped'])
    }
  })

  const CHOICES: readonly (readonly [choice: any, wire: unknown])[] = [
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'tool', name: 'c' },
      { type: 'custom', custom: { name: 'c' } },
    ],
    [
      { type: 'allowed', mode: 'auto', names: ['f'] },
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
    ],
  ]
  for (const [toolChoice, wire] of CHOICES) {
    it(`trap 116: the choice ${JSON.stringify(toolChoice)}`, () => {
      const tools: Tool[] = [
        { type: 'function', name: 'f' },
        { type: 'freeform', name: 'c' },
      ]
      expect(encodeWith({ tools, toolChoice }, { freeformTools: true }).body.tool_choice).to.deep.equal(wire)
    })
  }

  it('trap 118: one call at a time', () => {
    expect(
      encodeTools([{ type: 'function', name: 'f' }], { parallelToolCalls: false }).body.parallel_tool_calls,
    ).to.equal(false)
  })

  it('trap 51, trap 52: foreign characters in names are escaped everywhere alike, and it is told whose they are', () => {
    const name = 'files/read.all:ü'
    const { body, called } = encodeWith({
      tools: [{ type: 'function', name }],
      toolChoice: { type: 'tool', name },
      messages: [
        assistant(call('a', name)),
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'a', name, content: [] }] },
      ],
    })
    const written = body.tools[0].function.name
    expect(written).to.match(/^[a-zA-Z0-9_-]+$/)
    expect(body.tool_choice.function.name).to.equal(written)
    expect(body.messages[0].tool_calls[0].function.name).to.equal(written)
    expect(body.messages[1].name).to.equal(written)
    expect(called?.get(written)).to.deep.equal({ name })
  })

  it('trap 47: groups of tools are reported', () => {
    const sent = encodeWith({
      tools: [{ type: 'function', name: 'f', namespace: 'n' }],
      messages: [assistant({ type: 'tool-call', id: 'a', name: 'f', arguments: '{}', namespace: 'n' })],
    })
    expect(sketchLosses(sent.losses)).to.include('tools.0.namespace: changed')
  })

  it('trap 150: cache marks on tools', () => {
    const tool: Tool = { type: 'function', name: 'f', cache: {} }
    expect(encodeTools([tool], {}, { cacheMarks: true }).tools[0].cache_control).to.deep.equal({ type: 'ephemeral' })
    expect(encodeTools([tool]).losses).to.deep.equal(['tools.0.cache: dropped'])
  })
})

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

describe('thoughts of the history', () => {
  const thought: Part = { type: 'reasoning', text: 'hm' }
  const signed: Part = { type: 'reasoning', text: 'hm', signature: 'S', issuer: 'anthropic' }
  const sealed: Part = { type: 'reasoning', text: '', encrypted: 'E', issuer: 'xai' }

  it('are reported where the model is not known to want them', () => {
    expect(encodeMessages([assistant(thought, text('a'))])).to.deep.equal({
      messages: [{ role: 'assistant', content: 'a' }],
      losses: ['messages.0.parts.0: dropped'],
    })
  })

  it('trap 94, lesson 40: are told as text where the model wants them back', () => {
    const sent = encodeMessages([assistant(thought, text('a'))], { replaysReasoning: true })
    expect(sent).to.deep.equal({ messages: [{ role: 'assistant', content: 'a', reasoning_content: 'hm' }], losses: [] })
  })

  it('trap 94, lesson 40: beside calls the member stands even where the thoughts are gone', () => {
    const [message] = encodeMessages([assistant(call('c'))], { replaysReasoning: true }).messages
    expect(message.reasoning_content).to.equal('')
    expect(encodeMessages([assistant(text('a'))], { replaysReasoning: true }).messages[0]).to.not.have.property(
      'reasoning_content',
    )
  })

  it('trap 87: a proof goes to its issuer only', () => {
    const known = encodeMessages([assistant(signed, text('a'))], { issuer: 'anthropic' })
    expect(known.messages[0].reasoning_details).to.deep.equal([
      { type: 'reasoning.text', text: 'hm', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
    ])
    expect(known.losses).to.deep.equal([])
    const foreign = encodeMessages([assistant(signed, sealed, text('a'))])
    expect(foreign.messages[0]).to.deep.equal({ role: 'assistant', content: 'a' })
    expect(foreign.losses).to.deep.equal([
      'messages.0.parts.0.signature: dropped',
      'messages.0.parts.0: dropped',
      'messages.0.parts.1.encrypted: dropped',
      'messages.0.parts.1: dropped',
    ])
  })

  it('trap 87: the text of a foreign proof is kept where the model wants thoughts', () => {
    const sent = encodeMessages([assistant(signed, text('a'))], { replaysReasoning: true })
    expect(sent.messages[0].reasoning_content).to.equal('hm')
    expect(sent.losses).to.deep.equal(['messages.0.parts.0.signature: dropped'])
  })

  it('trap 89: an encrypted thought goes back whole', () => {
    const [message] = encodeMessages([assistant(sealed, text('a'))], { issuer: 'xai' }).messages
    expect(message.reasoning_details).to.deep.equal([
      { type: 'reasoning.encrypted', data: 'E', format: 'xai-responses-v1', index: 0 },
    ])
  })

  it('trap 89: what can be read of an encrypted thought is told beside it', () => {
    const half: Part = { type: 'reasoning', text: 'hm', encrypted: 'E', issuer: 'xai', id: 'rs' }
    const [message] = encodeMessages([assistant(half, text('a'))], { issuer: 'xai' }).messages
    expect(message.reasoning_details).to.deep.equal([
      { type: 'reasoning.summary', summary: 'hm', id: 'rs', format: 'xai-responses-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'E', id: 'rs', format: 'xai-responses-v1', index: 0 },
    ])
  })

  it('trap 91: the proof on a call is an entry that names the call', () => {
    const proven: Part = { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'S', issuer: 'gemini' }
    const [message] = encodeMessages([assistant(proven)], { issuer: 'gemini' }).messages
    expect(message.reasoning_details).to.deep.equal([
      { type: 'reasoning.encrypted', data: 'S', id: 'c', format: 'google-gemini-v1' },
    ])
    expect(encodeMessages([assistant(proven)]).losses).to.deep.equal(['messages.0.parts.0.signature: dropped'])
  })

  it('trap 87: what this protocol’s client brings goes to a known issuer only where it is that one’s', () => {
    const details = [
      { type: 'reasoning.text', text: 'hm', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'E', format: 'xai-responses-v1', index: 1 },
    ]
    const messages = [{ role: 'assistant', content: 'a', reasoning_details: details }]
    expect(sendOn({ messages }, { issuer: 'anthropic' }).body.messages[0].reasoning_details).to.deep.equal(
      details.slice(0, 1),
    )
    const other = sendOn({ messages }, { issuer: 'deepseek' })
    expect(other.body.messages[0].reasoning_details).to.deep.equal([
      { type: 'reasoning.text', text: 'hm', format: 'anthropic-claude-v1', index: 0 },
    ])
    expect(sketchLosses(other.losses)).to.deep.equal([
      'messages.0.parts.0.signature: dropped',
      'messages.0.parts.1.encrypted: dropped',
    ])
  })

  it('trap 88: an empty signature is no proof', () => {
    const messages = [
      { role: 'assistant', content: 'a', reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: '' }] },
    ]
    const { losses, body } = sendOn({ messages }, { issuer: 'other' })
    expect(losses).to.deep.equal([])
    expect(body.messages).to.deep.equal(messages)
  })
})

describe('what is written for a back end', () => {
  it('is a request by OpenAI’s schema, whatever it was made of', function () {
    if (!hasRecordings) {
      console.log('    skipped: the schemas are not at hand')
      this.skip()
    }
    const { body } = encodeWith({
      stream: true,
      messages: [
        { role: 'system', parts: [text('s')] },
        user(text('a'), picture, { type: 'audio', source: { type: 'base64', mediaType: 'audio/mpeg', data: 'AA' } }),
        assistant({ type: 'reasoning', text: 'hm', signature: 'S', issuer: 'x' }, text('b'), call('c', 'a.b'), {
          type: 'refusal',
          text: 'no',
        }),
        user(result('c', { type: 'text', text: '1' }, picture), text('and?')),
      ],
      tools: [
        { type: 'function', name: 'a.b' },
        { type: 'freeform', name: 'p', format: { type: 'text' } },
      ],
      toolChoice: { type: 'allowed', mode: 'required', names: ['p'] },
      settings: {
        maxOutputTokens: 5,
        reasoning: { effort: 'low' },
        responseFormat: { type: 'json-schema', schema: {} },
        stop: ['a'],
      },
    })
    expect(loadSchema('request')(body)).to.equal(undefined)
  })
})
