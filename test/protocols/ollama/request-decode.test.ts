import { expect } from 'chai'
import { ollama } from '../../../protocols/ollama/index.ts'
import { CHAT, decodeWith, failureOf, GENERATE, sendOn, sketchLosses } from './exchange.ts'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAE='

/** Members of a request to chat, and what of it becomes a setting. */
const SETTINGS: readonly (readonly [title: string, members: object, settings: object])[] = [
  ['trap 113: the limit', { options: { num_predict: 50 } }, { maxOutputTokens: 50 }],
  ['no limit at all', { options: { num_predict: -1 } }, {}],
  ['temperature 0', { options: { temperature: 0 } }, { temperature: 0 }],
  ['what is sampled from', { options: { top_p: 0.9, top_k: 40 } }, { topP: 0.9, topK: 40 }],
  ['the seed', { options: { seed: 0 } }, { seed: 0 }],
  ['stop texts', { options: { stop: ['a', 'b'] } }, { stop: ['a', 'b'] }],
  ['one bare stop text', { options: { stop: 'a' } }, { stop: ['a'] }],
  [
    'penalties',
    { options: { presence_penalty: 1.5, frequency_penalty: -1 } },
    { presencePenalty: 1.5, frequencyPenalty: -1 },
  ],
  ['log probabilities', { logprobs: true, top_logprobs: 3 }, { logprobs: true, topLogprobs: 3 }],
  ['trap 135: some JSON', { format: 'json' }, { responseFormat: { type: 'json' } }],
  [
    'trap 135: a schema',
    { format: { type: 'object' } },
    { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
  ],
  ['trap 135: thinking', { think: true }, { reasoning: { mode: 'on' } }],
  ['trap 135: no thinking', { think: false }, { reasoning: { mode: 'off' } }],
  ['trap 135: how much thinking', { think: 'high' }, { reasoning: { effort: 'high' } }],
  ['Q80: nothing that is null or empty', { format: '', options: {}, think: null, tools: [] }, {}],
  ['Q80: no option that is null', { options: { seed: null, temperature: null } }, {}],
]

describe('the settings of a request to Ollama', () => {
  for (const [title, members, settings] of SETTINGS) {
    it(`hold ${title}, and go back as they were`, () => {
      expect(decodeWith(members).settings).to.deep.equal(settings)
      const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: false, ...members }
      expect(sendOn(CHAT, body)).to.deep.equal({ body, losses: [] })
    })
  }

  it('trap 135: keep what no other protocol has, and go back with it', () => {
    const own = { keep_alive: '5m', options: { num_ctx: 8192, min_p: 0.1, repeat_penalty: 1.1, mirostat: 2 } }
    const request = decodeWith(own)
    expect(request.extra).to.deep.equal({
      protocol: 'ollama',
      fields: {
        keep_alive: '5m',
        'options.num_ctx': 8192,
        'options.min_p': 0.1,
        'options.repeat_penalty': 1.1,
        'options.mirostat': 2,
      },
    })
    expect(ollama.request.encode(request, {}).body).to.deep.include(own)
  })

  it('keep_alive 0 is no empty value', () => {
    expect(decodeWith({ keep_alive: 0 }).extra?.fields).to.deep.equal({ keep_alive: 0 })
  })
})

describe('the stream of a request to Ollama', () => {
  for (const [said, stream] of [
    [{}, true],
    [{ stream: null }, true],
    [{ stream: true }, true],
    [{ stream: false }, false],
  ] as const) {
    it(`${JSON.stringify(said)} means ${stream}, and goes back as it was`, () => {
      expect(decodeWith(said).stream).to.equal(stream)
      const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...said }
      expect(sendOn(CHAT, body).body).to.deep.equal(body)
    })
  }
})

describe('the messages of a request to Ollama', () => {
  const partsOf = (...messages: object[]) => decodeWith({ messages }).messages.map(({ parts }) => parts as any[])
  const CALLS = {
    role: 'assistant',
    content: '',
    tool_calls: [
      { function: { name: 'look', arguments: { at: 1 } } },
      { function: { name: 'hear', arguments: {} } },
      { function: { name: 'look', arguments: { at: 2 } } },
    ],
  }

  it('trap 45: hold calls whose arguments are an object, told as JSON text, under ids made of their place', () => {
    const [, calls] = partsOf({ role: 'user', content: 'Hi' }, CALLS)
    expect(calls?.map(({ id, name, arguments: args }) => [id, name, args])).to.deep.equal([
      ['call_1_0', 'look', '{"at":1}'],
      ['call_1_1', 'hear', '{}'],
      ['call_1_2', 'look', '{"at":2}'],
    ])
  })

  it('trap 45: may hold arguments as text, which go up as an object', () => {
    const message = { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{"a":1}' } }] }
    expect(partsOf(message)[0]?.[0].arguments).to.equal('{"a":1}')
    const body = { model: 'm', messages: [message] }
    expect(sendOn(CHAT, body).body.messages[0].tool_calls[0].function.arguments).to.deep.equal({ a: 1 })
  })

  const RESULTS: readonly (readonly [title: string, results: readonly object[], ids: readonly string[]])[] = [
    ['K72: in their order where they name nothing', [{}, {}, {}], ['call_0_0', 'call_0_1', 'call_0_2']],
    [
      'by the name of the tool, the first call first',
      [{ tool_name: 'hear' }, { tool_name: 'look' }, { tool_name: 'look' }],
      ['call_0_1', 'call_0_0', 'call_0_2'],
    ],
    ['by `name`, as older clients say it', [{ name: 'hear' }], ['call_0_1']],
    ['by an id that nobody knows, which stays what it is', [{ tool_call_id: 'x' }], ['x']],
    ['as an answer to nothing where the tool was not called', [{ tool_name: 'smell' }], ['call_1']],
  ]
  for (const [title, results, ids] of RESULTS) {
    it(`pair results with calls ${title}, and go back as they were`, () => {
      const messages = [CALLS, ...results.map((one) => ({ role: 'tool', content: 'x', ...one }))]
      const told = partsOf(...messages).slice(1)
      expect(told.map(([result]) => result.callId)).to.deep.equal(ids)
      const body = { model: 'm', messages }
      expect(sendOn(CHAT, body)).to.deep.equal({ body, losses: [] })
    })
  }

  it('pair a result by the id that its call was given', () => {
    const call = { id: 'call_abc', function: { index: 0, name: 'look', arguments: {} } }
    const messages = [
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_abc', tool_name: 'look', content: 'x' },
    ]
    expect(partsOf(...messages).map(([part]) => part.id ?? part.callId)).to.deep.equal(['call_abc', 'call_abc'])
    expect(sendOn(CHAT, { model: 'm', messages })).to.deep.equal({ body: { model: 'm', messages }, losses: [] })
  })

  it('do not pair a result with a call of an earlier turn', () => {
    const later = { role: 'assistant', content: '', tool_calls: [{ function: { name: 'hear', arguments: {} } }] }
    const told = partsOf(CALLS, later, { role: 'tool', content: 'x' })
    expect(told[2]?.[0].callId).to.equal('call_1_0')
  })

  for (const [content, text] of [
    ['text', ['text']],
    ['', []],
    [null, []],
    [{ a: 1 }, ['{"a":1}']],
    [[1, 2], ['[1,2]']],
    [7, ['7']],
  ] as const) {
    it(`trap 72: hold a result that is ${JSON.stringify(content)}`, () => {
      const [, [result] = []] = partsOf(CALLS, { role: 'tool', content })
      expect(result.content.map((one: any) => one.text)).to.deep.equal(text)
      const body = { model: 'm', messages: [CALLS, { role: 'tool', content }] }
      const sent = sendOn(CHAT, body)
      const isText = typeof content === 'string' || content === null
      expect(sent.body.messages[1].content).to.equal(isText ? content : text[0])
      expect(sketchLosses(sent.losses)).to.deep.equal(isText ? [] : ['messages.1.content: changed'])
    })
  }

  for (const [title, image, mediaType] of [
    ['PNG', PNG, 'image/png'],
    ['JPEG', '/9j/4AAQSkZJRg==', 'image/jpeg'],
    ['GIF', 'R0lGODlhAQABAA==', 'image/gif'],
    ['WebP', 'UklGRiQAAABXRUJQ', 'image/webp'],
    ['BMP', 'Qk1GAAAAAAAA', 'image/bmp'],
  ] as const) {
    it(`hold a ${title} as bare base64, whose bytes tell what it is`, () => {
      const message = { role: 'user', content: 'What?', images: [image] }
      expect(partsOf(message)[0]?.[1].source).to.deep.equal({ type: 'base64', mediaType, data: image })
      const body = { model: 'm', messages: [message] }
      expect(sendOn(CHAT, body)).to.deep.equal({ body, losses: [] })
    })
  }

  it('mend a picture that came as a data URL', () => {
    const message = { role: 'user', content: '', images: [`data:image/webp;base64,${PNG}`] }
    expect(partsOf(message)[0]?.[0].source).to.deep.equal({ type: 'base64', mediaType: 'image/webp', data: PNG })
    expect(sendOn(CHAT, { model: 'm', messages: [message] }).body.messages[0].images).to.deep.equal([PNG])
  })

  it('hold thoughts before the text', () => {
    const parts = partsOf({ role: 'assistant', content: 'Yes.', thinking: 'Hm.' })[0]
    expect(parts?.map(({ type, text }) => [type, text])).to.deep.equal([
      ['reasoning', 'Hm.'],
      ['text', 'Yes.'],
    ])
  })
})

describe('a prompt', () => {
  const decode = (body: object) => ollama.request.decode(GENERATE, { model: 'm', ...body }).value

  it('is what a user says, after what the system says', () => {
    const request = decode({ prompt: 'Why?', system: 'Be brief.', images: [PNG] })
    expect(request.messages.map(({ role, parts }) => [role, parts.map(({ type }) => type)])).to.deep.equal([
      ['system', ['text']],
      ['user', ['text', 'image']],
    ])
    expect(request.stream).to.equal(true)
  })

  it('keeps what only this server understands', () => {
    const own = { suffix: 'end', template: '{{ .Prompt }}', raw: true, context: [1, 2] }
    expect(decode({ prompt: 'Why?', ...own }).extra?.fields).to.deep.equal(own)
  })

  for (const body of [
    { model: 'm', prompt: 'Why?' },
    {
      model: 'm',
      prompt: 'Why?',
      system: '',
      template: '',
      context: [],
      raw: false,
      images: [],
      format: '',
      options: {},
    },
    { model: 'm', prompt: 'def f():', suffix: 'return 1', stream: false, options: { num_predict: -2, num_ctx: 10 } },
    { model: 'm', prompt: 'Why?', system: 'Be brief.', images: [PNG], raw: true, think: 'low', keep_alive: -1 },
    { model: 'm' },
  ]) {
    it(`goes back as the same JSON: ${JSON.stringify(body).slice(0, 60)}`, () => {
      expect(sendOn(GENERATE, body)).to.deep.equal({ body, losses: [] })
    })
  }
})

describe('a request to Ollama is refused', () => {
  const messages = (...list: unknown[]) => ({ messages: list })
  const REFUSED: readonly (readonly [title: string, members: object, param: string])[] = [
    ['without a model', { model: undefined }, 'model'],
    ['with an empty model', { model: '' }, 'model'],
    ['with a text for messages', { messages: 'Hi' }, 'messages'],
    ['with a message that is none', messages('Hi'), 'messages.0'],
    ['with a role that nobody has', messages({ role: 'king', content: '' }), 'messages.0.role'],
    ['with a list for a content', messages({ role: 'user', content: [{ text: 'Hi' }] }), 'messages.0.content'],
    ['with a number for a picture', messages({ role: 'user', content: '', images: [1] }), 'messages.0.images.0'],
    [
      'with a call without a name',
      messages({ role: 'assistant', tool_calls: [{ function: { arguments: {} } }] }),
      'messages.0.tool_calls.0.function.name',
    ],
    [
      'with half an object for arguments',
      messages({ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{"a' } }] }),
      'messages.0.tool_calls.0.function.arguments',
    ],
    ['with a tool without a function', { tools: [{ type: 'function' }] }, 'tools.0.function'],
    ['with a format that nobody has', { format: 'xml' }, 'format'],
    ['with a word for an option', { options: { temperature: 'hot' } }, 'options.temperature'],
    ['with half a token', { options: { num_predict: 1.5 } }, 'options.num_predict'],
    ['with a number for think', { think: 1 }, 'think'],
    ['with a word for stream', { stream: 'yes' }, 'stream'],
  ]
  for (const [title, members, param] of REFUSED) {
    it(`${title}, at ${param}`, () => {
      expect(failureOf(() => decodeWith(members))).to.include({ kind: 'bad-request', param })
    })
  }
})
