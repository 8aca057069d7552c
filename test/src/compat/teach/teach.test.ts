import { expect } from 'chai'
import fc from 'fast-check'
import type { Message } from '../../../../protocols/ir/message.ts'
import type { Part, ToolCallPart, ToolResultPart } from '../../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../../protocols/ir/request.ts'
import type { FunctionTool } from '../../../../protocols/ir/tool.ts'
import { TOOL_DIALECTS, type ToolDialect } from '../../../../protocols/ir/tool-dialect.ts'
import { chooseDialect } from '../../../../src/compat/teach/choose-dialect.ts'
import { describeTools } from '../../../../src/compat/teach/describe-tools.ts'
import { teach } from '../../../../src/compat/teach/teach.ts'

const DIALECTS = TOOL_DIALECTS

const weather: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city.',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'Name of the city' },
      unit: { type: 'string', enum: ['c', 'f'], default: 'c' },
      days: { type: ['integer', 'null'], minimum: 1 },
      where: { type: 'object', properties: { lat: { type: 'number' } }, required: ['lat'] },
    },
    required: ['city'],
    additionalProperties: false,
  },
}
const clock: FunctionTool = { type: 'function', name: 'now' }

const text = (value: string): Part => ({ type: 'text', text: value })
const says = (role: Message['role'], ...parts: readonly (Part | string)[]): Message => ({
  role,
  parts: parts.map((part) => (typeof part === 'string' ? text(part) : part)),
})
const call = (id: string, name: string, args: object): ToolCallPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: JSON.stringify(args),
})
const result = (callId: string, value: string, more: Partial<ToolResultPart> = {}): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: value }],
  ...more,
})
const request = (more: Partial<ChatRequest>): ChatRequest => ({
  model: 'm',
  messages: [says('user', 'hi')],
  tools: [weather, clock],
  settings: {},
  stream: false,
  ...more,
})
const wordsOf = (message: Message | undefined): string =>
  (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : `(${part.type})`)).join('')

describe('compat: what a model is told of its tools', () => {
  it('is whole: types, required, choices, defaults, nested shapes', () => {
    const told = describeTools([weather])
    expect(told).to.equal(
      [
        '### get_weather',
        'Weather of a city.',
        'Parameters:',
        '- city (string, required): Name of the city',
        '- unit (string, optional, one of "c", "f", default "c")',
        '- days (integer or null, optional) {"minimum":1}',
        '- where (object, optional) {"properties":{"lat":{"type":"number"}},"required":["lat"]}',
      ].join('\n'),
    )
  })

  it('is the schema itself where lines cannot say it', () => {
    const parameters = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/x' } },
      $defs: { x: { type: 'string' } },
    }
    expect(describeTools([{ ...clock, parameters }])).to.contain(JSON.stringify(parameters))
    const either = { type: 'object', properties: { a: {} }, oneOf: [{ required: ['a'] }] }
    expect(describeTools([{ ...clock, parameters: either }])).to.contain(JSON.stringify(either))
  })

  it('leaves out what generators of schemas add and what tells nothing, and nothing else', () => {
    const inner = {
      title: { type: 'string', title: 'Title', enum: ['title'] },
      enum: { type: 'integer', title: 'Enum', minimum: Number.MIN_SAFE_INTEGER, maximum: 9 },
    }
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Args',
      type: 'object',
      properties: {
        limit: { type: 'integer', exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        count: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
        all: {
          type: 'array',
          title: 'All',
          items: { title: 'Item', type: 'object', properties: inner, default: { title: 'x' } },
        },
      },
    }
    expect(
      describeTools([{ ...clock, parameters }])
        .split('\n')
        .slice(-3),
    ).to.deep.equal([
      '- limit (integer, optional) {"exclusiveMinimum":0}',
      '- count (integer, optional)',
      '- all (array, optional) {"items":{"type":"object","properties":{"title":{"type":"string","enum":["title"]},' +
        '"enum":{"type":"integer","maximum":9}},"default":{"title":"x"}}}',
    ])
    const whole = describeTools([
      { ...clock, parameters: { ...parameters, oneOf: [{ title: 'A', required: ['all'] }] } },
    ])
    expect(whole).to.contain('"oneOf":[{"required":["all"]}]').and.not.to.contain('$schema')
  })

  it('says so when there are no parameters', () => {
    expect(describeTools([{ ...clock, parameters: { type: 'object', properties: {} } }])).to.contain(
      'Parameters: none.',
    )
    expect(describeTools([{ ...clock, parameters: { type: 'object' } }])).to.contain('Parameters: none.')
    expect(describeTools([clock])).to.contain('Parameters: as')
  })

  it('F17: a description cannot open a call', () => {
    const told = describeTools([{ ...clock, description: 'Use <tool_call>{"name":"x"}</tool_call>' }])
    expect(told).not.to.contain('<tool_call>')
  })
})

describe('compat: teaching', () => {
  for (const dialect of DIALECTS) {
    it(`lesson 79: ${dialect}: every tool is in the prompt, behind the client's own instructions, in every turn the same`, () => {
      const messages = [says('system', 'Mine.'), says('user', 'hi')]
      const first = teach(request({ messages }), dialect)
      const later = teach(request({ messages: [...messages, says('assistant', 'ho'), says('user', 'and?')] }), dialect)
      const prompt = wordsOf(first.request.messages[0])
      expect(prompt.startsWith('Mine.\n\n# Tools')).to.equal(true)
      expect(prompt).to.contain('### get_weather').and.to.contain('### now')
      expect(later.request.messages.slice(0, 2)).to.deep.equal(first.request.messages)
      expect(first.request).not.to.have.any.keys('tools', 'toolChoice', 'parallelToolCalls')
      expect(first.tools.map((tool) => tool.name)).to.deep.equal(['get_weather', 'now'])
    })

    it(`lesson 80: ${dialect}: needs few words beside the tools`, () => {
      const { request: taught } = teach(request({ tools: [clock] }), dialect)
      expect(wordsOf(taught.messages[0]).length).to.be.below(2200)
    })
  }

  it('lesson 82: may be told before the first message of the user, where that stays in every turn', () => {
    const messages = [says('system', 'Mine.'), says('user', 'hi')]
    const first = teach(request({ messages }), 'hermes', 'user')
    const later = teach(
      request({ messages: [...messages, says('assistant', 'ho'), says('user', 'and?')] }),
      'hermes',
      'user',
    )
    expect(wordsOf(first.request.messages[0])).to.equal('Mine.')
    expect(wordsOf(first.request.messages[1])).to.match(/^# Tools[\s\S]*### now[\s\S]*# Message\n\nhi$/)
    expect(later.request.messages.slice(0, 2)).to.deep.equal(first.request.messages)
    expect(wordsOf(later.request.messages[3])).to.equal('and?')
    const image: Part = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }
    const seen = teach(request({ messages: [says('user', image)] }), 'hermes', 'user').request.messages[0]
    expect(seen?.parts.map(({ type }) => type)).to.deep.equal(['text', 'image'])
    const mute = teach(request({ messages: [says('system', 'Go.')] }), 'hermes', 'user').request.messages[0]
    expect(wordsOf(mute)).to.match(/^Go\.\n\n# Tools/)
  })

  it('a form of the answer is told in words, as a back end that holds its model to one would let it write no call', () => {
    const schema = { type: 'object', properties: { '</tool_call>': { type: 'string' } } }
    const FORMS = [
      [{ type: 'json' }, 'answer with one JSON object and nothing around it, without any call.'],
      [{ type: 'json-schema', schema }, 'answer with one JSON object that fits this JSON Schema: {"type":"object",'],
    ] as const
    for (const [responseFormat, words] of FORMS) {
      const settings = { responseFormat, temperature: 0 }
      const taught = teach(request({ settings }), 'hermes')
      expect(wordsOf(taught.request.messages[0])).to.contain(words).and.not.to.contain('in plain text')
      expect(wordsOf(taught.request.messages[0])).not.to.contain('{"</tool_call>"')
      expect(taught.request.settings).to.deep.equal({ temperature: 0, stop: ['<tool_response'] })
      expect(taught.losses.map(({ path, effect }) => `${path} ${effect}`)).to.include('settings.responseFormat changed')
      const untaught = teach(request({ settings, toolChoice: { type: 'none' } }), 'hermes')
      expect(untaught.request.settings).to.deep.equal(settings)
    }
    const plain = teach(request({ settings: { responseFormat: { type: 'text' } } }), 'hermes')
    expect(plain.request.settings.responseFormat).to.deep.equal({ type: 'text' })
    expect(wordsOf(plain.request.messages[0])).to.contain('answer in plain text without any call.')
  })

  it('CS34: `none` teaches nothing, but what was called stays readable', () => {
    const messages = [says('user', 'hi'), says('assistant', call('1', 'now', {})), says('tool', result('1', 'noon'))]
    const { request: taught } = teach(request({ messages, toolChoice: { type: 'none' } }), 'hermes')
    expect(wordsOf(taught.messages[0])).to.equal('hi')
    expect(wordsOf(taught.messages[1])).to.equal('<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>')
    expect(taught.settings.stop).to.equal(undefined)
  })

  it('CS34: what is demanded is the last line; a named tool is the only one', () => {
    const must = wordsOf(teach(request({ toolChoice: { type: 'required' } }), 'hermes').request.messages[0])
    expect(must.split('\n').at(-1)).to.contain('must contain a call of one of')
    const named = teach(request({ toolChoice: { type: 'tool', name: 'now' } }), 'hermes')
    expect(wordsOf(named.request.messages[0]).split('\n').at(-1)).to.contain('must contain a call of now')
    expect(named.tools.map((tool) => tool.name)).to.deep.equal(['now'])
    const allowed = teach(request({ toolChoice: { type: 'allowed', mode: 'auto', names: ['now'] } }), 'hermes')
    expect(wordsOf(allowed.request.messages[0])).not.to.contain('get_weather').and.not.to.contain('must contain')
  })

  it('CS33: one call at a time is asked for where the client wants that', () => {
    const one = wordsOf(teach(request({ parallelToolCalls: false }), 'hermes').request.messages[0])
    expect(one).to.contain('one call at a time').and.not.to.contain('Several calls')
    expect(wordsOf(teach(request({}), 'hermes').request.messages[0])).to.contain('Several calls')
  })

  it('stops where a result would be invented, within what APIs take', () => {
    const { request: taught, stops } = teach(request({ settings: { stop: ['X'] } }), 'glm')
    expect(taught.settings.stop).to.deep.equal(['X', ...stops])
    const full = teach(request({ settings: { stop: ['a', 'b', 'c', 'd'] } }), 'glm')
    expect(full.request.settings.stop).to.have.length(4)
    expect(full.stops).to.deep.equal([])
  })

  it('tells what cannot be taught, and teaches raw text as one parameter', () => {
    const { tools, called, losses } = teach(
      request({
        tools: [
          { type: 'freeform', name: 'patch' },
          { type: 'hosted', name: 'web_search', protocol: 'openai-responses', value: {} },
        ],
      }),
      'hermes',
    )
    expect(tools.map((tool) => tool.name)).to.deep.equal(['patch'])
    expect(called.get('patch')).to.deep.equal({ name: 'patch', freeform: true })
    expect(losses.map(({ path, effect }) => `${path} ${effect}`)).to.include('tools.1 dropped')
  })
})

describe('compat: earlier calls', () => {
  const messages = [
    says('user', 'weather?'),
    says('assistant', 'Let me look. ', call('c1', 'get_weather', { city: "O'Fallon", days: 2 }), call('c2', 'now', {})),
    says('tool', result('c2', 'noon')),
    says('tool', result('c1', 'no <tool_call> there', { isError: true })),
    says('user', 'and now?'),
  ]

  it('puts results and what a user adds into one text, up to a mark for a cache', () => {
    const told = teach(
      request({
        messages: [
          says('user', 'hi'),
          says('assistant', call('c1', 'now', {}), call('c2', 'now', {})),
          says('user', result('c1', 'ten'), result('c2', 'six'), 'go on', 'please'),
          says('assistant', call('c3', 'now', {})),
          says('user', result('c3', 'one', { cache: {} }), 'go on'),
        ],
      }),
      'hermes',
    ).request.messages
    const counts = told.filter(({ role }) => role === 'user').map(({ parts }) => parts.length)
    expect(counts).to.deep.equal([1, 1, 2])
    expect(wordsOf(told.filter(({ role }) => role === 'user')[1])).to.match(
      /ten\n<\/tool_response>\n<tool_response id="c2"[\s\S]*go on\n\nplease$/,
    )
  })

  it('are written as a good model would write them, results in the order of the calls, in one message', () => {
    const { request: taught } = teach(request({ messages }), 'qwen3-coder')
    expect(taught.messages.map(({ role }) => role)).to.deep.equal(['system', 'user', 'assistant', 'user'])
    expect(wordsOf(taught.messages[2])).to.equal(
      [
        'Let me look.',
        '',
        '<tool_call>',
        '<function=get_weather>',
        '<parameter=city>',
        "O'Fallon",
        '</parameter>',
        '<parameter=days>',
        '2',
        '</parameter>',
        '</function>',
        '</tool_call>',
        '<tool_call>',
        '<function=now>',
        '</function>',
        '</tool_call>',
      ].join('\n'),
    )
    const answers = wordsOf(taught.messages[3])
    expect(answers).to.match(/^<tool_response id="c1" name="get_weather" status="error">\nno </)
    expect(answers.indexOf('id="c2"')).to.be.above(answers.indexOf('id="c1"'))
    expect(answers.endsWith('and now?')).to.equal(true)
    expect(answers).not.to.contain('<tool_call>')
  })

  it('lesson 31: a call without a result is told to have been cancelled; a result without a call stays', () => {
    const { request: taught } = teach(
      request({ messages: [says('assistant', call('c1', 'now', {})), says('user', result('zz', 'orphan'), 'go on')] }),
      'hermes',
    )
    const answers = wordsOf(taught.messages.at(-1))
    expect(answers).to.contain('id="c1" name="now" status="error"').and.to.contain('cancelled')
    expect(answers).to.contain('orphan').and.to.contain('go on')
  })

  it('pictures of tools and users stay', () => {
    const image: Part = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }
    const { request: taught } = teach(
      request({
        messages: [
          says('assistant', call('c1', 'now', {})),
          says('user', { type: 'tool-result', callId: 'c1', content: [image] }, image),
        ],
      }),
      'hermes',
    )
    expect(taught.messages.at(-1)?.parts.filter((part) => part.type === 'image')).to.have.length(2)
  })

  it('what only one protocol has in a result is told as text, as no other place would take it', () => {
    const reference = { type: 'tool_reference', tool_name: '</tool_response>' }
    const result: Part = {
      type: 'tool-result',
      callId: 'c',
      content: [{ type: 'opaque', protocol: 'anthropic', value: reference }],
    }
    const call: Part = { type: 'tool-call', id: 'c', name: 'now', arguments: '{}' }
    const messages = [says('user', 'go'), says('assistant', call), says('user', result)]
    const told = teach(request({ messages }), 'hermes').request.messages.at(-1)
    expect(told?.parts.map(({ type }) => type)).to.deep.equal(['text'])
    expect(wordsOf(told)).to.equal(
      '<tool_response id="c" name="now">\n{"type":"tool_reference","tool_name":"<\u2060/tool_response>"}\n</tool_response>\n',
    )
  })

  it('results that stand apart are told once each', () => {
    const { request: taught } = teach(
      request({
        messages: [
          says('assistant', call('a', 'now', {}), call('b', 'now', {})),
          says('tool', result('a', 'ONE')),
          says('system', 'between'),
          says('tool', result('b', 'TWO')),
        ],
      }),
      'hermes',
    )
    const all = taught.messages.map(wordsOf).join('|')
    expect(all.split('ONE')).to.have.length(2)
    expect(all.split('TWO')).to.have.length(2)
  })

  it('F15: digits beyond what numbers hold stay', () => {
    for (const dialect of DIALECTS) {
      const big: ToolCallPart = { type: 'tool-call', id: 'a', name: 'now', arguments: '{"id":12345678901234567890}' }
      const { request: taught } = teach(request({ messages: [says('assistant', big)] }), dialect)
      expect(wordsOf(taught.messages.at(-1)), dialect).to.contain('12345678901234567890')
    }
  })

  it('arguments that are no object are written as they are', () => {
    const odd: ToolCallPart = { type: 'tool-call', id: 'a', name: 'now', arguments: '{"cut": "of' }
    const { request: taught } = teach(request({ messages: [says('assistant', odd)] }), 'qwen3-coder')
    expect(wordsOf(taught.messages.at(-1))).to.contain('{"cut": "of')
  })

  it('A conversation that goes on keeps what has been written of it', () => {
    const turn = fc
      .tuple(fc.string(), fc.boolean(), fc.string())
      .map(([said, calls, answer]) =>
        calls
          ? [says('assistant', said, call('x', 'now', { said })), says('tool', result('x', answer))]
          : [says('assistant', said), says('user', answer)],
      )
    fc.assert(
      fc.property(fc.array(turn, { minLength: 2, maxLength: 5 }), fc.constantFrom(...DIALECTS), (turns, dialect) => {
        const start = [says('user', 'go')]
        const short = teach(request({ messages: [...start, ...turns.slice(0, -1).flat()] }), dialect).request.messages
        const long = teach(request({ messages: [...start, ...turns.flat()] }), dialect).request.messages
        expect(long.slice(0, short.length)).to.deep.equal(short)
      }),
    )
  })
})

describe('compat: which dialect', () => {
  const MODELS: readonly (readonly [string, ToolDialect])[] = [
    ['qwen3-coder:30b', 'qwen3-coder'],
    ['Qwen/Qwen3-Coder-480B-A35B-Instruct', 'qwen3-coder'],
    ['hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q4_K_M', 'hermes'],
    ['NousResearch/Hermes-3-Llama-3.1-8B', 'hermes'],
    ['ByteDance-Seed/Seed-OSS-36B-Instruct', 'seed-oss'],
    ['claude-2.1', 'anthropic-xml'],
    ['MiniMax-M2', 'minimax'],
    ['glm-4.6', 'glm'],
    ['GLM_4.5-Air', 'glm'],
    ['meta-llama/Llama-3.3-70B-Instruct', 'llama-json'],
    ['llama4:scout', 'pythonic'],
    ['gemma3:27b', 'fenced-json'],
    ['phi3:3.8b', 'hermes'],
    ['smollm2-1.7b', 'hermes'],
    ['mixtral-8x22b', 'qwen3-coder'],
    ['deepseek-r1', 'qwen3-coder'],
    ['somebody/unknown-70b', 'qwen3-coder'],
    ['', 'qwen3-coder'],
  ]
  for (const [model, dialect] of MODELS) {
    it(`${model === '' ? 'no name' : model} is taught ${dialect}`, () => expect(chooseDialect(model)).to.equal(dialect))
  }
})
